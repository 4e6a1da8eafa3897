// Addresses of pages the Vietnamese way. Wagtail's own script knows no Vietnamese: of "Đường thốt nốt" it makes
// "djng-tht-nt". Here the marks go before it sees the title.
(() => {
  const fold = (text) => text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").replace(/đ/g, "d").replace(/Đ/g, "D");
  const isSlug = (field) => field instanceof HTMLInputElement && field.name === "slug";

  for (const name of ["w-sync:apply", "w-sync:check"]) {
    document.addEventListener(name, (event) => {
      if (isSlug(event.target) && event.detail?.value) event.detail.value = fold(event.detail.value);
    }, true);
  }
  document.addEventListener("blur", (event) => {
    if (isSlug(event.target)) event.target.value = fold(event.target.value);
  }, true);
})();
