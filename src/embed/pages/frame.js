// Beside a page in a frame: the reader's own time, and the height for the page around it.

// Nothing of the page tells more than the text already says: a moment, and how to say it.
const said = (one) => {
  const moment = new Date(one.dataset.moment);
  const written = /([+-])(\d\d):(\d\d)$/.exec(one.dataset.moment);
  const offset = written && `${written[1]}1` * (written[2] * 60 + +written[3]);
  if (offset === -moment.getTimezoneOffset()) return;
  const how = { weekday: "short", hour: "numeric", minute: "2-digit" };
  const time = new Intl.DateTimeFormat(document.documentElement.lang, how).format(moment);
  one.textContent = ` (${one.dataset.words.replace("{time}", time)})`;
};
for (const one of document.querySelectorAll("[data-moment]")) said(one);

if (parent !== window) {
  const root = document.documentElement;
  const tell = () => parent.postMessage({ type: "lodestar:height", height: Math.ceil(root.getBoundingClientRect().height) }, "*");
  new ResizeObserver(tell).observe(root);
}
