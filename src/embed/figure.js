// <lodestar-statistic statistic=iwf-domains-wld-2007> and <lodestar-chart indicator=cybertipline_reports>: figures with
// what must be shown with them, inside a page of somebody else; after exit.js and shared.js.

const { Math, Number } = globalThis;

const FILE = "figure.";
const [LOADING, FAILED] = ["figure_loading", "figure_failed"];

// What selects the figures of a chart.
const CHOICES = ["geography", "from", "to", "publisher", "assessment", "unit"];
// So many are in one answer; how many more there are is said.
const MOST = 100;
// What needs no mark beside a figure, and what the others say; what is new says its code.
const PLAIN = /^(normal|not_assessed|supported)$/;
const MARKS = {
  __proto__: null,
  disputed: "picture.disputed",
  superseded: "assessment.superseded",
  retracted: "assessment.retracted",
  estimated: "observation_status.estimated",
  provisional: "observation_status.provisional",
  break: "observation_status.break",
  suppressed: "observation_status.suppressed",
  missing: "observation_status.missing",
};

const STYLE = `
:host{display:flow-root!important;min-block-size:var(--lodestar-space,0)}
${LOOKS}
.box>*>*>*,figcaption{margin-block-end:.5em}
.number{font-size:2em;line-height:1.2;white-space:normal}
caption{font-weight:600;text-align:start;padding-block-end:.5em}
table{inline-size:100%;border-collapse:collapse}
th,td{padding-block:.5em;text-align:start;vertical-align:top;border-block-start:1px solid var(--line)}
th{font-weight:400;inline-size:45%;padding-inline-end:1em}
td .number{font-size:1em}
.mark{display:inline-block;color:var(--warn);font-weight:600}
.caveat{border-inline-start:4px solid var(--warn);padding-inline-start:.6em}
.caveat+.caveat{margin-block-start:.5em}
.cited{white-space:pre-line}
svg{display:block;inline-size:100%;block-size:.6em;margin-block:.3em;background:var(--soft)}
rect{fill:var(--accent)}
[dir=rtl] svg{transform:scaleX(-1)}
@media(forced-colors:active){svg{border:1px solid}rect{fill:CanvasText}}
`;

// A year, years, or days where they are not whole years.
const span = (sheet, { start, end }) => {
  if (!start || !end) return start ? sheet.say("picture.since", { date: worded(start) }) : sheet.say("picture.until", { date: worded(end) });
  const first = worded(start).slice(0, 4);
  const last = worded(end).slice(0, 4);
  if (!/-01-01$/.test(start) || !/-12-31$/.test(end)) return `${start} – ${end}`;
  return first === last ? first : `${first}–${last}`;
};

class FigureSheet extends Sheet {
  // The figure in words: number, qualifier and unit are the service's.
  figure(kind, one) {
    return this.prose(kind, { class: "number", part: "number" }, one, "display");
  }

  // Sources by slug, as far as they are public.
  sourceOf(included, slug) {
    let found;
    each(listed(included.sources), (source) => {
      if (source.slug === slug) found = source;
    });
    return found;
  }

  // Where it was read: documents with their dates, licences and credits.
  sources(included, citations) {
    const list = make("ul");
    const seen = { __proto__: null };
    each(listed(citations), (citation) => {
      const known = !seen[citation.source] && this.sourceOf(included, citation.source);
      seen[citation.source] = true;
      if (!known) return;
      const { licence, attribution } = known;
      const terms = licence && attribution ? `${attribution}, ${licence}` : licence || attribution;
      const about = this.source(null, citation.source, known, citation.published_on ?? citation.retrieved_on);
      add(list, make("li", { dir: "auto" }, about, terms ? make("p", null, worded(terms)) : null));
    });
    return list.firstChild && make("details", { class: "small", part: "sources" }, make("summary", null, this.say("kind.sources")), list);
  }

  // What somebody has against it, or what it is short of.
  marks(one, kind) {
    const marks = make("div");
    each([one.assessment, one.observation_status], (code) => {
      if (PLAIN.test(worded(code))) return;
      add(marks, make(kind, { class: "mark", part: `mark ${code}` }, `⚠ ${this.say(MARKS[code] ?? code)}`));
    });
    return marks.firstChild && marks;
  }

  statistic(one, citation) {
    const { included } = one;
    const { say } = this;
    const fact = (key, values) => make("p", { class: "small", dir: "auto" }, say(key, values));
    const critiques = make("ul", { part: "critiques" });
    each(listed(one.critiques), (critique) => {
      const known = this.sourceOf(included, critique.source);
      const words = make("p", { dir: "auto" }, critique.summary && worded(critique.summary));
      add(critiques, make("li", null, words, known && this.source({ class: "lone" }, critique.source, known)));
    });
    if (find(one.flags, "contradicts_baseline") && one.computed_change) {
      add(critiques, make("li", null, say("picture.contradicted", { figure: worded(one.computed_change) })));
    }
    const first = one.sources[0] && this.sourceOf(included, one.sources[0].source);
    return make(
      "figure",
      { part: "figure" },
      this.marks(one, "p"),
      this.figure("p", one),
      this.prose("figcaption", { class: "state", part: "title" }, one, "title"),
      this.prose("p", { part: "claim" }, one, "claim"),
      make("p", { class: "small", part: "period" }, one.period ? span(this, one.period) : say("picture.no_period")),
      one.population && fact("picture.population", { population: worded(one.population) }),
      one.denominator && fact("picture.denominator", { denominator: worded(one.denominator) }),
      this.prose("p", { class: "caveat", part: "caveat" }, one, "caveat"),
      critiques.firstChild && critiques,
      one.share === "remainder"
        ? fact("picture.computed")
        : fact("picture.counted_by", { publisher: worded(one.publisher) }),
      first && fact("picture.source", { source: worded(first.title) }),
      this.sources(included, one.sources),
      citation
        ? make("details", { class: "small", part: "citation" }, make("summary", null, say("cite")), make("p", { class: "cited", lang: "en", dir: "ltr" }, citation))
        : null,
      this.colophon(one),
    );
  }

  // A bar from nought, or between lower and upper end, on an axis that all of them share.
  bar(ends, axis) {
    const at = (value) => ((value - axis.least) / (axis.most - axis.least)) * 100;
    const svg = (name) => document.createElementNS("http://www.w3.org/2000/svg", name);
    const x = at(ends.least);
    const rect = fill(svg("rect"), { x, width: Math.max(at(ends.most) - x, 0.5), height: 1 }, []);
    return fill(svg("svg"), { viewBox: "0 0 100 1", preserveAspectRatio: "none", "aria-hidden": "true", part: "bar" }, [rect]);
  }

  // Lower and upper end of a bar; nothing where there is no number.
  ends(one) {
    const end = Number(one.value ?? one.high ?? NaN);
    const other = one.value == null ? Number(one.low ?? 0) : 0;
    return end - other === end - other ? { least: Math.min(end, other), most: Math.max(end, other) } : null;
  }

  chart({ contents, included, total_items }) {
    const axis = { least: 0, most: 0 };
    const caveats = { __proto__: null };
    const publishers = { __proto__: null };
    const cited = [];
    let cautious = 0;
    each(listed(contents), (one) => {
      const ends = this.ends(one);
      axis.least = Math.min(axis.least, ends?.least ?? 0);
      axis.most = Math.max(axis.most, ends?.most ?? 0);
      if (one.caveat) cautious += 1;
      if (one.caveat) caveats[one.caveat] = one;
      publishers[worded(one.publisher)] = one;
      each(listed(one.sources), (source) => (cited[cited.length] = source));
    });
    const counters = keys(publishers);
    // What the caption says stands in no row once more.
    const indicator = listed(included.indicators)[0];
    const said = `${indicator.title}, `;
    const apart = (title) => (title.startsWith(said) ? title.slice(said.length) : title);
    const rows = make("tbody");
    each(contents, (one) => {
      const ends = this.ends(one);
      const who = counters.length > 1 ? make("p", { class: "small", dir: "auto" }, one.publisher) : null;
      const drawn = ends && axis.most > axis.least ? this.bar(ends, axis) : null;
      const cell = make("td", null, this.figure("p", one), drawn, this.marks(one, "span"), who);
      add(rows, make("tr", null, make("th", { scope: "row", part: "row" }, this.prose("span", null, { ...one, title: apart(worded(one.title)) }, "title")), cell));
    });
    const warnings = make("div");
    const known = keys(caveats);
    if (known.length > 3) add(warnings, make("p", { class: "caveat", part: "caveat" }, this.say("picture.caveats", { count: cautious })));
    else each(known, (caveat) => add(warnings, this.prose("p", { class: "caveat", part: "caveat" }, caveats[caveat], "caveat")));
    const more = total_items - contents.length;
    return make(
      "figure",
      { part: "figure" },
      make("table", { part: "table" }, this.prose("caption", { part: "title" }, indicator, "title"), rows),
      more > 0 ? make("p", { class: "small" }, this.say("picture.more", { count: more })) : null,
      known.length ? warnings : null,
      counters.length === 1 ? make("p", { class: "small", dir: "auto" }, this.say("picture.counted_by", { publisher: counters[0] })) : null,
      this.sources(included, cited),
      this.colophon(contents[0]),
    );
  }
}

const find = (list, wanted) => {
  for (let place = 0; place < list?.length; place += 1) if (list[place] === wanted) return true;
};

class Figure extends Asking {
  start() {
    this.sheet = this.sheetOf(FigureSheet);
    const sent = this.send();
    const view = (this.view = this.viewOf(this.sheet));
    view.box = this.box("", view.answer, view.status, view.retry);
    this.root.replaceChildren(this.out(), view.slot, view.box);
    dress(this.root);
    this.ask(sent);
  }

  // Asks for something below /v1, in the language of the words.
  get(path, query, signal) {
    return ask(`${this.sheet.base}/v1/${path}?lang=${this.sheet.lang}${query}`, { signal });
  }

  show(shown) {
    const { view } = this;
    const held = this.root.activeElement;
    // A new box in the place of the old one: nothing that showed moves.
    const old = view.box;
    view.answer = make("div", { part: "answer" }, shown(this.sheet));
    view.box = this.box("", view.answer, view.status, view.retry);
    old.replaceWith(view.box);
    view.slot.hidden = true;
    view.retry.hidden = true;
    if (held) view.status.focus();
  }
}

const part = (text) => encodeURIComponent(text ?? "");

class LodestarStatistic extends Figure {
  static observedAttributes = ["statistic", "lang", "exit-url", "src"];

  async answer(signal) {
    const path = `statistics/${part(this.getAttribute("statistic"))}`;
    const cited = this.get(`${path}/citation`, "&format=text", signal).then(
      (answer) => (answer.ok ? answer.text() : null),
      () => null,
    );
    const one = await read(await this.get(path, "&include=sources", signal));
    const citation = await cited;
    return (sheet) => sheet.statistic(one, citation);
  }
}

class LodestarChart extends Figure {
  static observedAttributes = ["indicator", ...CHOICES, "lang", "exit-url", "src"];

  async answer(signal) {
    let asked = `&indicator=${part(this.getAttribute("indicator"))}&include=indicator&include=sources&per_page=${MOST}`;
    each(CHOICES, (name) => {
      each((this.getAttribute(name) ?? "").split(" "), (value) => {
        if (value) asked += `&${name}=${part(value)}`;
      });
    });
    const list = async (more) => read(await this.get("statistics", asked + more, signal));
    let page;
    if (this.getAttribute("geography")) page = await list("&sort=period");
    else {
      // The world by time; where nothing is known of it, the latest figures of all places.
      page = await list("&geography=WLD&sort=period");
      if (!listed(page.contents).length) page = await list("&latest=1&sort=-value");
    }
    if (!listed(page.contents).length) throw page;
    return (sheet) => sheet.chart(page);
  }
}

define("lodestar-statistic", LodestarStatistic);
define("lodestar-chart", LodestarChart);
