// Runs before the first paint, so that nobody sees small letters first and large ones a moment later.
(function () {
  var root = document.documentElement;
  try {
    root.dataset.textSize = localStorage.getItem("yinling.text-size") || "normal";
    root.dataset.contrast = localStorage.getItem("yinling.contrast") || "normal";
    root.lang = localStorage.getItem("yinling.language") || "zh-CN";
  } catch (storageIsClosed) {
    root.dataset.textSize = "normal";
  }
})();
