// Pages of partners that make it hard: none of them may cost a reader the number.

const page = (head, body, html = 'lang="en"', type = "<!doctype html>") =>
  `${type}<html ${html}><head><title>A partner</title><meta name="viewport" content="width=device-width">${head}</head><body>${body}</body></html>`;

const HELP = { file: "lodestar", name: "lodestar-help", attributes: { country: "US", lang: "en" }, fallback: '<p>Call <a href="tel:911">911</a>.</p>' };

/** By name: { body, headers }, for a service, a partner's site, and an element. */
export function hosts(service, site, { file, name, attributes, fallback } = HELP) {
  const script = (service) => `<script type="module" src="${service}/embed/${file}.js" referrerpolicy="no-referrer"></script>`;
  const written = Object.entries(attributes).map(([name, value]) => ` ${name}="${value}"`).join("");
  const tag = () => `<${name}${written}>${fallback}</${name}>`;
  const strict = `default-src 'none'; script-src ${service}; connect-src ${service}`;
  return {
    "policy: nothing but us": {
      body: page(script(service), `<main><h1>Help</h1>${tag()}</main>`),
      headers: { "Content-Security-Policy": strict },
    },
    "trusted types": {
      body: page(script(service), `<main><h1>Help</h1>${tag()}</main>`),
      headers: { "Content-Security-Policy": `${strict}; require-trusted-types-for 'script'; trusted-types 'none'` },
    },
    "everything unset": {
      body: page(
        `<style>*{all:unset} *,*::before,*::after{all:initial!important} ${name}{display:none!important;opacity:1}</style>${script(service)}`,
        `<main><h1>Help</h1>${tag()}</main>`,
      ),
    },
    "quirks mode, libraries of old": {
      // What Prototype 1.6 did to JSON, what MooTools did to functions, and properties for everybody.
      body: page(
        `<script>Array.prototype.toJSON=function(){return"["+this.join(",")+"]"};String.prototype.toJSON=function(){return'"'+this+'"'};
         Object.prototype.mine=function(){return 1};Function.prototype.bind=function(){return this};Array.from=function(){return[]};
         window.$=window.jQuery=function(){return{}};</script>${script(service)}`,
        `<table width=100% border=1><tr><td><center><font size=1>${tag()}</font></center></td></tr></table>`,
        "",
        "",
      ),
    },
    "tiny and huge letters": {
      body: page(
        `<style>html{font-size:3px;line-height:.2;letter-spacing:-2px} body{font-size:200px;text-indent:-9999px;color:transparent;text-transform:uppercase;word-spacing:40px;-webkit-text-fill-color:transparent}</style>${script(service)}`,
        `<main>${tag()}</main>`,
      ),
    },
    "unknown elements hidden": {
      body: page(
        `<style>:not(:defined){display:none!important} ${name}{display:none!important;float:left} ${name} *{display:none}</style>${script(service)}`,
        `<main><h1>Help</h1>${tag()}</main>`,
      ),
    },
    "globals shadowed and frozen after load": {
      body: page(
        script(service),
        `<main><h1>Help</h1></main><script type="module">
          const broken=()=>{throw new Error("broken by the page")};
          for(const name of ["map","forEach","filter","find","push","join","includes","reduce","some"]) Array.prototype[name]=broken;
          for(const name of ["fetch","Request","URL","AbortController","setTimeout","queueMicrotask","Intl","Date","String","encodeURIComponent"]) window[name]=broken;
          JSON.parse=JSON.stringify=Object.keys=Object.entries=Object.values=Promise.all=Promise.race=broken;
          Array.prototype[Symbol.iterator]=broken;
          Object.freeze(Array.prototype);Object.freeze(Object.prototype);Object.freeze(JSON);
          const made=document.createElement("${name}");
          ${Object.entries(attributes).map(([name, value]) => `made.setAttribute("${name}","${value}");`).join("")}
          document.querySelector("main").append(made);
        </script>`,
      ),
    },
    "right to left, in a frame": {
      body: page("", `<main><iframe title="x" src="${site}/framed" width=320 height=700 sandbox="allow-scripts"></iframe></main>`, 'lang="ar" dir="rtl"'),
      framed: { body: page(script(service), `<div style="direction:rtl;unicode-bidi:bidi-override">${tag()}</div>`, 'lang="ar" dir="rtl"') },
    },
  };
}
