// A click on a date of the picture of a year writes it among the group's own days off or workdays, or takes it out.
const apart = /[\s,，;；、]+/;

function change(field, date, isWanted) {
  const others = field.value.split(apart).filter((one) => one && one !== date);
  const value = (isWanted ? [...others, date].sort() : others).join(", ");
  if (value === others.join(", ") && !isWanted && !field.value.includes(date)) return;
  field.value = value;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.dispatchEvent(new Event("change", { bubbles: true }));
}

document.addEventListener("click", (event) => {
  const day = event.target.closest("[data-own-day]");
  if (!day) return;
  const date = day.dataset.ownDay;
  const isOwn = "own" in day.dataset;
  const isWorked = "worked" in day.dataset;
  change(document.getElementById("id_days_off"), date, !isOwn && isWorked);
  change(document.getElementById("id_workdays"), date, !isOwn && !isWorked);
});
