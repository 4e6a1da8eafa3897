// Comfort only: the price, the stock and the delivery fee follow the size that is chosen; the tiles say it all without.
(() => {
  "use strict";
  const tiles = document.querySelector("#buy [data-sizes]");
  if (!tiles) return;
  const find = (name, root = document) => root.querySelector(`[data-size-${name}]`);
  const say = (el, text) => { if (el) el.textContent = text; };
  let asking;

  const show = (radio) => {
    const tile = radio.closest("label");
    const bar = find("bar");
    find("price").replaceChildren(tile.querySelector("template").content.cloneNode(true));
    say(bar.querySelector("b"), tile.querySelector(".num").textContent);
    say(bar.querySelector("span"), tile.querySelector("b").textContent);
    say(find("left"), tile.querySelector("[data-left]").textContent);
    const quantity = document.getElementById("quantity");
    quantity.max = radio.dataset.max;
    if (+quantity.value > +quantity.max) quantity.value = quantity.max;
    quantity.dispatchEvent(new Event("input", { bubbles: true }));
  };

  // Heavier sizes cost more to send: the server works it out.
  const deliver = async (radio) => {
    if (asking) asking.abort();
    const turn = asking = new AbortController();
    const address = new URL(location.href);
    address.searchParams.set("quy-cach", radio.value);
    history.replaceState(history.state, "", address);
    const old = find("delivery");
    old.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(address, { signal: turn.signal });
      const fresh = answer.ok && find("delivery", new DOMParser().parseFromString(await answer.text(), "text/html"));
      if (fresh && turn === asking) old.innerHTML = fresh.innerHTML;
    } catch { /* the basket says it too */ }
    if (turn === asking) old.removeAttribute("aria-busy");
  };

  tiles.addEventListener("change", (e) => { show(e.target); deliver(e.target); });
  const now = tiles.querySelector(":checked");
  if (now) show(now);
})();
