// <lodestar-help country=PH lang=tl>: whom to contact now, inside a page of somebody else; after exit.js and shared.js.

const FILE = "";
const [LOADING, FAILED] = ["loading", "failed"];

// An answer that is older is asked for anew when the page is looked at again.
const STALE = 300000;

const SINGLE = ["country", "subdivision", "age", "limit", "dialable-from"];
const SEVERAL = ["topic", "population", "language", "channel"];
// Reasons that have a place of their own, and those that concern only editors.
const OPENING = /^(open_until|always_open|opens_at|closed|closing_unknown|hours_unknown|by_arrangement)$/;
const AGE = /^(verified|verified_today|sourced|source_newer|not_confirmed)$/;
const UNSAID = /^(priority|show_together)$/;

// What a link of a channel says, and which field holds its address.
const WAYS = {
  __proto__: null,
  phone: { word: "call", uri: "tel_uri" },
  tty: { word: "channel.tty", uri: "tel_uri" },
  sms: { word: "send_text", uri: "sms_uri" },
  whatsapp: { word: "channel.whatsapp", uri: "url" },
  chat: { word: "channel.chat", uri: "url" },
  web_form: { word: "channel.web_form", uri: "url" },
  email: { word: "write_to", uri: "url" },
  video_relay: { word: "channel.video_relay", uri: "url" },
};

const STYLE = `
:host{display:flow-root!important;min-block-size:100vh;min-block-size:var(--lodestar-space,100svh)}
${LOOKS}
h2{font-size:1.4em;line-height:1.25;margin-block:.6em .4em}
h3{font-size:1em;margin-block:1.6em .5em;color:var(--muted)}
h4{font-size:1.15em;line-height:1.3}
.bar{position:sticky;inset-block-start:0;z-index:1;block-size:4em}
.hint{padding-block-end:.6em;border-block-end:1px solid var(--line)}
.numbers,.facts,.numbers li,.ways li{display:flex;flex-wrap:wrap;align-items:center;gap:.3em 1em}
.facts{align-items:start}
.act::first-letter,span.small::first-letter{text-transform:uppercase}
.numbers{gap:.5em}
.numbers li{padding:.4em;padding-inline-start:1em;border:1px solid var(--line);border-radius:var(--round);background:var(--soft)}
.numbers .act{min-inline-size:5em}
.cards,.cards>li,.ways,.tell{display:grid;gap:.5em;justify-items:start}
.cards>li{inline-size:100%;padding:1em;border:1px solid var(--line);border-radius:var(--round)}
.cards>.with{margin-block-start:-.6em;border-start-start-radius:0;border-start-end-radius:0}
.open{color:var(--good)}
.expired{color:var(--warn)}
.facts .plain{margin:0;border-color:transparent;padding-inline:0;font-weight:400;text-decoration:underline}
.tell,textarea{inline-size:100%}
textarea{padding:.5em;border:1px solid var(--muted);border-radius:.3em;color:inherit;background:none}
@media(hover:none) and (pointer:coarse){.keys{display:none}}
`;

const find = (list, fits) => {
  for (let place = 0; place < list?.length; place += 1) if (fits.test(list[place].code)) return list[place];
};
// JSON of a text. Libraries of old give texts and lists a toJSON, which makes JSON.stringify lie.
const quoted = (text) =>
  `"${text.replace(/[^\w .:+-]/g, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`)}"`;

const two = (number) => String(number).padStart(2, "0");

// In the body: addresses are kept by browsers, by measuring scripts of the page, by those in between. As text, which
// browsers send at once; before JSON they ask whether they may.
const post = (url, body, type, signal) => ask(url, { method: "POST", headers: { "Content-Type": type }, body, signal, cache: "no-store" });

// What stands on the page for one answer.
class HelpSheet extends Sheet {
  // A day and an hour where the reader is, written as the service writes them. Formats of languages would be nicer, and
  // take a slow device longer to read in than all else takes together.
  day(date) {
    return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  }

  hour(date) {
    return `${two(date.getHours())}:${two(date.getMinutes())}`;
  }

  // Languages by their names, which come with the answer: a browser would read them in for long.
  languages(key, names) {
    let all = "";
    each(listed(names ?? []), (name) => (all += (all && ", ") + worded(name)));
    return all ? make("p", null, this.say(key, { names: all })) : null;
  }

  // A sentence of the service.
  sentence(kind, attributes, one, more) {
    return make(kind, { lang: one.lang === this.lang ? null : one.lang, ...attributes }, worded(one.text), more);
  }

  action(uri, word, about, part) {
    const href = linkable(uri);
    return href && link(href, { class: "act", part: `action ${part}`, "aria-label": `${word} ${about}` }, word);
  }

  emergency(one) {
    const list = make("ul", { class: "numbers", part: "emergency" });
    each(listed(one.numbers), (each) => {
      add(list, make("li", null, this.number(each.number), this.action(each.tel_uri, this.say("call"), each.number, "call")));
    });
    return make("section", null, this.sentence("h3", { part: "section-title" }, one.label), one.numbers.length ? list : null);
  }

  way(point, expired) {
    const way = WAYS[point.channel];
    const word = this.say(way ? way.word : String(point.channel));
    const shown = worded(point.display ?? point.value);
    const action = this.action(way && point[way.uri], word, shown, point.channel);
    const dialled = /^(phone|sms|tty|whatsapp)$/.test(point.channel);
    return make(
      "li",
      { part: `way ${point.channel}` },
      action ?? make("span", { class: "small" }, word),
      dialled ? this.number(shown) : make("bdi", { dir: "ltr", class: "small" }, shown),
      point.extension ? make("span", null, this.say("extension", { digits: worded(point.extension) })) : null,
      point.note ? make("span", { class: "small", dir: "auto" }, worded(point.note)) : null,
      point.freshness?.grade === "expired" && !expired ? make("span", { class: "expired" }, this.say("reason.not_confirmed")) : null,
    );
  }

  opening(one) {
    if (!one.open) return null;
    const reason = find(one.reasons, OPENING) ?? one.open.label;
    const line = this.sentence("p", { class: `state ${one.open.state}`, part: `state ${one.open.state}` }, reason);
    const when = one.open.closes_at ?? one.open.opens_at;
    if (when) {
      // The offset that the time is written with, against the visitor's at that moment.
      const moment = new Date(when);
      const written = /([+-])(\d\d):(\d\d)$/.exec(when);
      const offset = written && `${written[1]}1` * (written[2] * 60 + +written[3]);
      if (offset !== -moment.getTimezoneOffset()) {
        const day = this.day(moment);
        const time = (day === this.day(new Date()) ? "" : `${day} `) + this.hour(moment);
        add(line, make("span", { class: "small" }, ` (${this.say("your_time", { time })})`));
      }
    }
    return line;
  }

  age(one) {
    const reason = find(one.reasons, AGE);
    const { grade, verified } = one.freshness;
    const how = { class: grade, part: "age" };
    if (!reason) return verified ? null : make("p", how, this.say(grade === "expired" ? "reason.not_confirmed" : "never_verified"));
    return this.sentence("p", how, reason, one.verified_at && ` (${this.day(new Date(one.verified_at))})`);
  }

  sources(one) {
    const list = make("ul");
    each(listed(one.sources), (source) => {
      const when = source.published_on ?? source.retrieved_on;
      add(list, make("li", { dir: "auto" }, this.source(null, source.source, source, when)));
    });
    return make("details", { part: "sources" }, make("summary", null, this.say("kind.sources")), list);
  }

  card(one, resource) {
    const facts = make("div", { class: "facts small", part: "facts" });
    each(listed(one.reasons ?? []), (reason) => {
      if (!OPENING.test(reason.code) && !AGE.test(reason.code) && !UNSAID.test(reason.code)) {
        add(facts, this.sentence("p", null, reason));
      }
    });
    add(facts, this.languages("languages", one.language_names));
    add(facts, this.languages("interpreters", one.interpreter_language_names));
    if (one.city) add(facts, make("p", { dir: "auto" }, worded(one.city)));
    const ways = make("ul", { class: "ways", part: "ways" });
    const expired = one.freshness.grade === "expired";
    each(listed(one.contact_points ?? []), (point) => add(ways, this.way(point, expired)));
    const site = one.report_url ?? (ways.firstChild ? null : one.website);
    if (site) add(ways, this.way({ channel: "web_form", display: site, url: site }, true));
    const runner = one.organization?.name;
    return make(
      "li",
      { part: "card" },
      this.prose("h4", { part: "name" }, one, "name"),
      runner && runner !== one.name ? make("p", { class: "small", dir: "auto" }, worded(runner)) : null,
      one.role_label ? this.sentence("p", { class: "small" }, one.role_label) : null,
      ways.firstChild && ways,
      one.open?.state === "unknown" && !one.languages ? null : this.opening(one),
      this.age(one),
      this.prose("p", null, one, "description"),
      this.prose("p", { class: "small" }, one, "notes"),
      facts,
      make("div", { class: "facts small", part: "foot" }, this.sources(one), this.report(one, resource)),
    );
  }

  cards(title, all, resource) {
    if (!listed(all).length) return null;
    const list = make("ul", { class: "cards", part: "cards" });
    let group = null;
    each(all, (one) => {
      const card = this.card(one, resource);
      // A group stands as one block.
      if (one.show_together && one.show_together === group) card.className = "with";
      group = one.show_together;
      add(list, card);
    });
    return make("section", null, make("h3", { part: "section-title" }, this.say(title)), list);
  }

  // A button, and under it a question to the service's moderators. No form element: some frames
  // may not send forms.
  report(one, resource) {
    const { say } = this;
    const button = make("button", { type: "button", class: "plain", part: "report", "aria-expanded": "false" }, say("report"));
    const area = make("textarea", { maxlength: 500, rows: 3, autocomplete: "off" });
    const send = make("button", { type: "button", class: "act" }, say("send"));
    const status = make("p", { role: "status", tabindex: -1 });
    const asked = make("label", { class: "tell" }, say("report_what"), area);
    const tell = make("div", { class: "tell", hidden: "", part: "tell" }, asked, make("p", null, say("report_note")), send, status);
    button.onclick = () => {
      tell.hidden = !tell.hidden;
      button.setAttribute("aria-expanded", !tell.hidden);
      if (!tell.hidden) area.focus();
    };
    send.onclick = async () => {
      if (!area.value.trim()) return area.focus();
      send.disabled = true;
      try {
        const body = `{"resource":"${resource}","record":${quoted(one.slug)},"text":${quoted(area.value)}}`;
        const answer = await post(`${this.base}/v1/suggestions`, body, "application/json");
        if (!answer.ok) throw answer;
        status.textContent = say("sent");
        tell.replaceChildren(status);
        status.focus();
      } catch {
        status.textContent = say("unsent");
        send.disabled = false;
      }
    };
    const box = make("div", null, button);
    box.append(tell);
    return box;
  }

  // The whole answer, or an error where it is none.
  answer(help) {
    const all = document.createDocumentFragment();
    each(listed(help.emergency_numbers), (one) => add(all, this.emergency(one)));
    each(listed(help.notices), (one) => add(all, this.sentence("p", { part: "notice" }, one)));
    add(all, this.cards("kind.hotlines", help.contacts, "hotlines"));
    add(all, this.cards("kind.regional_contacts", help.offices, "regional_contacts"));
    add(all, this.cards("kind.organizations", help.organizations, "organizations"));
    const moment = new Date(worded(help.confirmed_at));
    const date = `${this.day(moment)} ${this.hour(moment)}`;
    add(all, this.colophon(help, make("p", null, this.say("as_of", { date }))));
    return all;
  }
}

class LodestarHelp extends Asking {
  static observedAttributes = [...SINGLE, ...SEVERAL, "lang", "neutral", "exit-url", "src"];

  #asked = 0;
  #more = 0;

  connectedCallback() {
    document.addEventListener("visibilitychange", this.#look);
    super.connectedCallback();
  }

  disconnectedCallback() {
    document.removeEventListener("visibilitychange", this.#look);
    super.disconnectedCallback();
  }

  // Not under somebody's hands.
  #look = () => {
    const old = Date.now() - this.#asked > STALE;
    if (!document.hidden && old && !this.root.activeElement) this.ask();
  };

  // What stands before any answer: the way out first.
  start() {
    this.sheet = this.sheetOf(HelpSheet);
    this.#more = 0;
    // Under way while the way out is being made.
    const sent = this.send();
    const view = (this.view = this.viewOf(this.sheet));
    view.box = this.box("", view.answer, view.status, view.retry);
    // What the page put into the tag stands between, in the page's own letters, where it stood before.
    this.root.replaceChildren(this.out(), view.slot, view.box);
    dress(this.root);
    this.ask(sent);
  }

  #question() {
    let fields = `"lang":${quoted(this.sheet.lang)}`;
    each(SINGLE, (name) => {
      const value = name === "limit" && this.#more ? String(this.#more) : this.getAttribute(name);
      if (value) fields += `,"${name.replace("-", "_")}":${/^\d+$/.test(value) ? value : quoted(value)}`;
    });
    each(SEVERAL, (name) => {
      const values = (this.getAttribute(name) ?? "").split(/[\s,]+/);
      let list = "";
      each(values, (value) => {
        if (value) list += (list && ",") + quoted(value);
      });
      if (list) fields += `,"${name}":[${list}]`;
    });
    return `{${fields}}`;
  }

  async answer(signal) {
    return read(await post(`${this.sheet.base}/v1/help`, this.#question(), "text/plain", signal));
  }

  failed(shown) {
    const { say } = this.sheet;
    this.view.status.textContent = say("failed") + (shown ? ` ${say("use_shown")}` : "");
  }

  show(help) {
    const { sheet, view } = this;
    const { say } = sheet;
    const all = sheet.answer(help);
    const old = view.answer.querySelectorAll(".cards>li").length;
    if (help.more_contacts > 0) {
      const more = make("button", { type: "button", class: "plain", part: "more" }, say("more"));
      more.onclick = () => {
        this.#more = 100;
        this.ask();
      };
      const hotlines = all.querySelector(".cards");
      if (hotlines) hotlines.after(more);
    }
    const held = this.root.activeElement;
    if (!view.title) {
      // New words in a new box in the place of the old one: nothing that showed moves.
      const old = view.box;
      const hint = make("p", { class: "small hint" }, make("span", { class: "keys" }, `${say("exit_keys")} `), say("exit_limit"));
      view.title = make("h2", { part: "title", tabindex: -1 });
      view.answer = make("div", { part: "answer" }, all);
      view.box = this.box("", hint, view.title, view.answer, view.status, view.retry);
      old.replaceWith(view.box);
    } else view.answer.replaceChildren(all);
    const place = help.place.subdivision_name ?? help.place.country_name;
    const neutral = this.hasAttribute("neutral");
    view.title.textContent = neutral ? place : place ? say("help_in", { place }) : say("help_here");
    view.title.hidden = neutral && !place;
    // What the page put into the tag goes only where there is something better.
    view.slot.hidden = help.contacts.length > 0;
    view.retry.hidden = true;
    if (held) {
      // Whoever asked for it goes on where the new begins.
      const first = view.answer.querySelectorAll(".cards>li")[old];
      const next = (old && first) || view.title;
      next.tabIndex = -1;
      next.focus();
    }
    this.#asked = Date.now();
  }
}

define("lodestar-help", LodestarHelp);
