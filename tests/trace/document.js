// As much of a browser's document as the page of -X trace-exec needs, for run.py: walks the page forwards and backwards
// and says whether both ways show the same.
class Element {
  constructor(id) {
    this.id = id;
    this.children = [];
    this.classList = {
      add: (...names) => names.forEach((name) => this.classes.add(name)),
      remove: (name) => this.classes.delete(name),
    };
    this.classes = new Set();
    this.text = "";
    this.offsetTop = this.scrollTop = this.scrollHeight = this.clientHeight = 0;
  }
  get textContent() { return this.text + this.children.map((child) => child.textContent ?? child).join(""); }
  set textContent(text) { this.text = text; this.children = []; }
  append(...parts) { this.children.push(...parts); }
  replaceChildren(...parts) { this.text = ""; this.children = parts; }
  querySelectorAll(selector) {
    return this.children.filter((child) => child.classes && child.classes.has(selector.slice(1)));
  }
}
const elements = new Map(IDS.map((id) => [id, new Element(id)]));
elements.get("data").text = DATA;
let pressed;
const document = {
  getElementById: (id) => elements.get(id),
  createElement: () => new Element(""),
  addEventListener: (kind, listener) => { pressed = listener; },
};
const press = (key) => pressed({ key, preventDefault() {} });
const shown = () => ["before", "after", "frames", "variables", "notes", "outcome", "where", "fileName", "codeName"]
  .map((id) => elements.get(id).textContent).join("\n--\n");

function check() {
  const forwards = [shown()];
  for (;;) {
    press("ArrowRight");
    const view = shown();
    if (view === forwards[forwards.length - 1]) break;
    forwards.push(view);
  }
  for (let i = forwards.length - 1; i >= 0; i--) {
    if (shown() !== forwards[i]) throw new Error("step " + i + " shows something else on the way back");
    press("ArrowLeft");
  }
  const marked = elements.get("instructions").children.filter((child) => child.classes.has("here"));
  if (marked.length !== 1) throw new Error("no single instruction is marked");
  press("End");
  if (shown() !== forwards[forwards.length - 1]) throw new Error("End");
  press("Home");
  if (shown() !== forwards[0]) throw new Error("Home");
  for (const key of ["ArrowDown", "n", "n", "o", "ArrowUp"]) press(key);
  if (forwards.every((view) => view.includes("undefined")) || forwards.some((view) => view.includes("undefined")))
    throw new Error("undefined is shown");
  if (!forwards.some((view) => view.includes("factorial(n=2)"))) throw new Error("no frame is shown");
  console.log("walked " + forwards.length + " steps");
}
