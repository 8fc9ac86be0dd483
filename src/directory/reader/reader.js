// The reader of the OpenAPI document: Swagger UI as it is delivered, with what it lacks for those who use no mouse or see
// little: names of fields, an order of headings, no link inside a button. Colours are mended in reader.css.
const root = document.getElementById("swagger-ui");

// Its own dark colours, as the device prefers.
const dark = matchMedia("(prefers-color-scheme: dark)");
const shade = () => document.documentElement.classList.toggle("dark-mode", dark.matches);
dark.addEventListener("change", shade);
shade();

// What a field is called: by its parameter, else by what stands before it.
const called = (field) => {
  if (field.id === "servers") return "Server";
  const name = field.closest("[data-param-name]")?.dataset.paramName ?? "body";
  return field.classList.contains("examples-select-element") ? `Example of ${name}` : name;
};

const mend = () => {
  for (const field of root.querySelectorAll("input,select,textarea")) {
    if (!field.ariaLabel && (!field.labels.length || field.id === "servers")) field.ariaLabel = called(field);
  }
  // Right below the title, which is of the first level.
  for (const heading of root.querySelectorAll("h3,h4,h5")) heading.ariaLevel = heading.localName[1] - 1;
  for (const button of root.querySelectorAll(".copy-to-clipboard button")) button.ariaLabel = "Copy";
  for (const button of root.querySelectorAll(".close-modal")) button.ariaLabel = "Close";
  // Buttons that have words are called by them.
  for (const button of root.querySelectorAll(".modal-btn[aria-label]")) button.ariaLabel = null;
  // What scrolls can be reached by keys.
  for (const block of root.querySelectorAll("pre")) block.tabIndex = 0;
};
new MutationObserver(mend).observe(root, { childList: true, subtree: true });

SwaggerUIBundle({
  url: "/v1/openapi.json",
  domNode: root,
  deepLinking: true,
  validatorUrl: "none",
  syntaxHighlight: { theme: "obsidian" },
  plugins: [
    // The link of an operation stands inside the button that opens it, and opens it too.
    { wrapComponents: { DeepLink: (_, { React }) => ({ text }) => React.createElement("span", null, text) } },
  ],
});
