/*
 * The line a site adds to show the chat:
 *
 *   <script src="https://host/widget.js" data-country="GB" data-title="Chat" defer></script>
 *
 * Optional attributes: data-exit-url (where "Quick exit" goes), data-mode="page" with data-target="ID"
 * (open and in the flow of the page, instead of a launcher in the corner).
 *
 * This loader only places a <waymark-chat> element and asks for the module that brings it to life, so that
 * a browser too old for modules keeps whatever the page shows instead.
 */
(function () {
  "use strict";

  const script = document.currentScript;
  const origin = new URL(script.src).origin;
  const target = document.getElementById(script.dataset.target || "");

  const chat = document.createElement("waymark-chat");
  chat.setAttribute("origin", origin);
  ["country", "title", "mode", "exitUrl"].forEach(function (name) {
    // "heading", because a "title" attribute would become a tooltip.
    const attribute = { title: "heading", exitUrl: "exit-url" }[name] || name;
    if (script.dataset[name]) chat.setAttribute(attribute, script.dataset[name]);
  });
  (target || document.body).appendChild(chat);

  const main = document.createElement("script");
  main.type = "module";
  main.src = origin + "/widget/main.js";
  document.head.appendChild(main);
})();
