/* A line of days by ECharts: what a day's figures were is told where one points, and the drawing can
   be kept. It takes the place of the drawing that came with the page; the table beneath it stays. */

const OVER_TIME = '[data-module="over-time"]';

class OverTime {
  constructor(figure) {
    this.figure = figure;
    this.told = JSON.parse(figure.dataset.series);
    this.ground = document.createElement("div");
    this.ground.className = "over-time__ground";
    this.ground.setAttribute("aria-hidden", "true");
    figure.querySelector(".over-time").replaceWith(this.ground);
    this.chart = echarts.init(this.ground);
    this.draw();
    new ResizeObserver(() => this.chart.resize()).observe(this.ground);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.draw());
  }

  draw() {
    const colour = colours(this.figure);
    const words = { color: colour("--ink-soft"), fontFamily: getComputedStyle(document.body).fontFamily };
    this.chart.setOption({
      animation: false,
      textStyle: words,
      grid: { left: 8, right: 32, top: 36, bottom: 8, containLabel: true },
      legend: { show: false },
      tooltip: {
        trigger: "axis", renderMode: "richText", backgroundColor: colour("--surface"),
        borderColor: colour("--line-strong"), textStyle: { ...words, color: colour("--ink") },
        formatter: (points) => this.tell(points[0].dataIndex),
      },
      toolbox: {
        right: 8, iconStyle: { borderColor: colour("--ink-soft") },
        feature: { saveAsImage: { title: this.told.keep, name: this.told.name, pixelRatio: 2,
          backgroundColor: colour("--surface") } },
      },
      xAxis: {
        type: "category", data: this.told.days, boundaryGap: false,
        axisLine: { lineStyle: { color: colour("--line-strong") } },
        axisLabel: { ...words, hideOverlap: true },
      },
      yAxis: {
        type: "value", minInterval: 1, axisLabel: words,
        splitLine: { lineStyle: { color: colour("--line") } },
      },
      series: [
        this.line("occupied", { color: colour("--go"), width: 3 }, { color: colour("--go-tint"), opacity: 1 }),
        this.line("usable", { color: colour("--line-strong"), width: 2, type: "dashed" }),
      ],
    }, true);
  }

  line(name, lineStyle, areaStyle) {
    return {
      type: "line", name: this.told.names[name], data: this.told[name], step: "end", symbol: "none",
      lineStyle, itemStyle: { color: lineStyle.color }, ...(areaStyle && { areaStyle }),
    };
  }

  tell(place) {
    const { days, names, occupied, usable, rates } = this.told;
    return [
      days[place],
      `${names.occupied}  ${occupied[place]}`,
      `${names.usable}  ${usable[place]}`,
      `${names.rate}  ${rates[place]}`,
    ].join("\n");
  }
}

function colours(element) {
  const style = getComputedStyle(element);
  return (name) => style.getPropertyValue(name).trim();
}

document.querySelectorAll(OVER_TIME).forEach((figure) => new OverTime(figure));
