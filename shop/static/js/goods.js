// The list of goods: a stock typed or tapped is stored at once, without another page. Without this file the buttons post.
(() => {
  "use strict";
  const WAIT = 600; // several taps on plus are one change
  document.querySelectorAll("form[data-stock]").forEach((form) => {
    const input = form.querySelector("input[name=stock]");
    const seen = form.querySelector("input[name=seen]");
    const told = form.querySelector("[data-told]");
    const less = form.querySelector("[data-less]");
    let timer = 0;
    const tell = (text, bad) => { told.textContent = text; told.classList.toggle("is-bad", bad); };
    const save = async () => {
      const data = new FormData();
      data.set("stock", input.value);
      data.set("seen", seen.value);
      data.set("csrfmiddlewaretoken", form.querySelector("[name=csrfmiddlewaretoken]").value);
      try {
        const answer = await fetch(form.action, { method: "POST", body: data, headers: { "X-Requested-With": "fetch" } });
        const facts = await answer.json();
        if (answer.ok) { seen.value = facts.left; tell(facts.text, false); } else {
          if (facts.left !== null && facts.left !== undefined) { seen.value = facts.left; }
          tell(facts.error, true);
        }
      } catch { form.submit(); }
    };
    const later = () => {
      less.disabled = !(parseInt(input.value, 10) > 0);
      clearTimeout(timer);
      timer = setTimeout(save, WAIT);
    };
    const step = (by) => (event) => {
      event.preventDefault();
      input.value = Math.max(0, (parseInt(input.value.replace(/\D/g, ""), 10) || 0) + by);
      later();
    };
    less.addEventListener("click", step(-1));
    form.querySelector("[data-more]").addEventListener("click", step(1));
    input.addEventListener("input", later);
    form.addEventListener("submit", (event) => { event.preventDefault(); clearTimeout(timer); save(); });
  });
})();
