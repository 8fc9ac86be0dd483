// The quick exit: hides the page at once, then replaces it by another, so that Back does not lead here.
//
// It asks nothing of any service, and stores nothing. What it cannot do: take the visit out of the
// browser's history, or hide it from those who watch the device or the network.
//
// In a module it is `quickExit`. As a script by itself it serves every link with the attribute
// `data-lodestar-exit`, whose address is where to go; without this script the link is a plain link.
// Several modules on one page share it, and with it where it leads.
const quickExit = (globalThis[Symbol.for("lodestar.exit")] ??= (() => {
  // Known in most countries, and nothing that anybody would ask about.
  const DEFAULT = "https://weather.com/";
  // Three presses of Shift within this time leave, in milliseconds.
  const WITHIN = 3000;
  const { document, URL } = window;
  let aimed;

  // An address to go to: a whole one, on the web, else the default. Never a script, never a page of this site by a slip.
  const address = (given) => {
    try {
      // An error takes a slow device longer to make than all of this.
      const url = given && new URL(given);
      if (url && /^https?:$/.test(url.protocol)) return url.href;
    } catch {}
    return DEFAULT;
  };

  const blank = (view) => {
    const page = view.document;
    const root = page.documentElement;
    root.style.setProperty("display", "none", "important");
    // Pages that ask whether one is sure must not ask now. Capturing, it comes before theirs.
    view.addEventListener("beforeunload", (event) => event.stopImmediatePropagation(), true);
    const head = page.createElement("head");
    const referrer = page.createElement("meta");
    referrer.name = "referrer";
    referrer.content = "no-referrer";
    const title = page.createElement("title");
    title.textContent = "\u2026";
    head.append(referrer, title);
    // Sounds, films and frames end with their elements.
    root.replaceChildren(head);
    // What is still loading would be appended.
    view.stop();
  };

  const leave = (to) => {
    const url = address(to || aimed || document.querySelector("a[data-lodestar-exit]")?.href);
    // This page, and those that it is framed in as far as they are of this origin.
    for (let view = window; ; view = view.parent) {
      try {
        blank(view);
      } catch {
        if (view !== window) break;
      }
      if (view.parent === view) break;
    }
    try {
      window.top.location.replace(url);
    } catch {
      // A frame that may not lead the page elsewhere stays blank, and opens what it may.
      try {
        window.open(url, "_blank", "noopener,noreferrer");
      } catch {}
    }
  };

  const presses = { last: -WITHIN, before: -WITHIN };
  const forget = () => (presses.last = presses.before = -WITHIN);
  const press = (event) => {
    if (event.repeat && event.key === "Shift") return;
    // A letter between is somebody writing in capitals.
    if (event.key !== "Shift" || event.ctrlKey || event.altKey || event.metaKey) return forget();
    const now = event.timeStamp;
    if (now - presses.before < WITHIN) leave();
    presses.before = presses.last;
    presses.last = now;
  };
  const click = (event) => {
    const path = event.composedPath();
    for (let place = 0; place < path.length; place += 1) {
      const link = path[place];
      if (link.localName !== "a" || !link.hasAttribute("data-lodestar-exit")) continue;
      event.preventDefault();
      event.stopImmediatePropagation();
      return leave(link.href);
    }
  };
  // On the window and capturing: before anything of the page, which could stop them.
  window.addEventListener("keydown", press, true);
  window.addEventListener("pointerdown", forget, true);
  window.addEventListener("click", click, true);

  return { address, leave, aim: (to) => (aimed = to) };
})());
