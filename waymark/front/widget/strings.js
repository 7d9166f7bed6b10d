/* Every word the widget says by itself. Plain words, short lines; the assistant's own texts come from the server. */

export const STRINGS = {
  title: "Chat",
  open: "Chat",
  openNew: (count) => `Chat (${count} new)`,
  close: "Close",
  notice: "This is an automated program, not a person. It is not an emergency service.",
  intro:
    "You can write in your own words. There is no need to give your name.\n" +
    "Not sure how to start? Just say hello.",

  inputLabel: "Your message",
  send: "Send",
  charactersLeft: (count) => (count === 1 ? "1 character left" : `${count} characters left`),
  charactersOver: (count) => (count === 1 ? "1 character too many" : `${count} characters too many`),
  logLabel: "Messages",
  choices: "Answers to choose from",
  writing: "Waymark is writing…",

  you: "You",
  assistant: "Waymark (automated)",
  staff: (name) => `${name} (a person from the team)`,
  danger: "If you are in danger",

  sending: "Sending…",
  sent: "Sent",
  unsent: "Not sent yet. It goes as soon as there is a connection.",
  refused: "Not sent.",
  slowDown: "Waiting a moment, then sending again…",
  kept: "Kept. Waiting for an answer.",
  retry: "Try again",

  keptNotice: "I've kept your message. I'll answer as soon as I'm back.",
  questionClosed: "That question is already answered.",
  tooLong: "That message is too long. It is back in the box, so you can make it shorter.",
  newChat: "Your earlier chat has ended. You can go on here, in a new one.",
  buttonLost: "Please write your answer in the box.",
  forbidden: "The chat can't be used on this page.",

  offlineTitle: "Not connected",
  offlineText: "Your messages are kept and go when the connection is back. Need help now?",
  connectedAgain: "Connected again.",
  allNumbers: "All numbers",

  numbers: "Numbers",
  numbersTitle: "People you can reach now",
  numbersFor: (country) => `Numbers for: ${country}`,
  changeCountry: "Change country",
  call: (number) => `Call ${number}`,
  text: (number) => `Text ${number}`,
  back: "Back to the chat",

  settings: "Settings",
  country: "Country",
  countryHelp: "So that the right phone numbers are shown.",
  countryUnknown: "Rather not say",
  remember: "Remember on this device",
  rememberHelp: "Only tick this on a phone or computer that nobody else uses.",
  textSize: "Text size",
  sizes: { normal: "Normal", large: "Large", larger: "Larger" },
  carryOn: "Carry on somewhere else",
  telegramHelp: "Telegram is less private than this chat. The company can read what is written there, and your phone may show it.",
  toTelegram: "Carry on in Telegram",
  sendCode: "Send this code to our Telegram bot within ten minutes:",
  openTelegram: "Open Telegram",
  codeLabel: "I have a code from Telegram",
  useCode: "Carry on here",
  codeMissing: "Please write the code first.",
  linkFailed: "That didn't work just now. Please try again in a moment.",
  linked: "You can carry on here now. What was said before is here too.",
  clear: "Clear my chat on this device",
  clearHelp: "This takes the chat off this device. To delete what is stored, ask for it in the chat.",
  clearConfirm: "Clear it now",
  clearCancel: "Keep it",
  cleared: "The chat is off this device.",
  saved: "Saved.",

  exit: "Quick exit",
  exitHelp: "Leaves this page at once. You can also press Escape three times.",

  unknownPlace: "any country",
  localEmergency: "Emergency",
};

/** Shown when the list of numbers could not be fetched: the commonest emergency numbers. */
export const FALLBACK_NUMBERS = ["112", "911", "999", "000"].map((number) => ({
  kind: "emergency",
  label: "Emergency",
  number,
  how: "call",
}));
