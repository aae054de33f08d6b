// The few sentences that scripts say, in the page's language.
const words = JSON.parse(document.getElementById("words")?.textContent ?? "{}");

/** Return a sentence with its blanks filled: say("movedTo", { stage: "面试" }). */
export function say(key, values = {}) {
  return (words[key] ?? "").replace(/%\((\w+)\)s/g, (_, name) => values[name] ?? "");
}
