/* Small comforts; every page works without this file. */
"use strict";
(function () {
  var STAY_EVERY = 120000;
  var lastStay = Date.now();
  var dirty = false;

  /* Somebody who types a long text is not idle. */
  document.addEventListener("input", function (event) {
    if (event.target.closest("form[data-keep]")) dirty = true;
    if (Date.now() - lastStay < STAY_EVERY) return;
    lastStay = Date.now();
    fetch("/stay", { credentials: "same-origin" });
  });

  document.addEventListener("submit", function () { dirty = false; });
  window.addEventListener("beforeunload", function (event) {
    if (dirty) event.preventDefault();
  });

  /* Show the newest message; a page that came back with an error starts there. */
  var talk = document.querySelector("[data-bottom]");
  if (talk) talk.scrollTop = talk.scrollHeight;
  var problem = document.getElementById("problem");
  if (problem) problem.scrollIntoView({ block: "center" });

  /* Say aloud when the list of alerts has changed in number, not every time that minutes pass. */
  var known = null;
  document.addEventListener("htmx:afterSwap", function () {
    var list = document.getElementById("alert-list");
    var news = document.getElementById("alert-news");
    if (!list || !news) return;
    var count = list.querySelectorAll(".card").length;
    if (known !== null && count > known) news.textContent = "A new alert has come in. " + count + " open.";
    known = count;
  });
  var first = document.getElementById("alert-list");
  if (first) known = first.querySelectorAll(".card").length;
})();
