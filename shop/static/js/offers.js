// Comfort only: the example follows what is typed; without this file a button asks the server.
(() => {
  "use strict";
  const box = document.querySelector("[data-example]");
  const field = document.querySelector("#id_value");
  if (!box || !field) return;
  const { kind, before, after } = box.dataset;
  const from = Number(before);
  const left = (typed) => {
    const n = Number(typed.replace(/[^0-9]/g, ""));
    if (!n) return Number(after);
    if (kind === "percent") return n > 90 ? from : from - Math.round(from * n / 100);
    return Math.max(0, from - n);
  };
  field.addEventListener("input", () => {
    const sum = left(field.value).toLocaleString(document.documentElement.lang === "en" ? "en-US" : "vi-VN");
    box.querySelector("b").textContent = `${sum}\u00a0₫`;
  });
})();
