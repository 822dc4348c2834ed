/** Draws a chart's SVG, with its title, into a PNG at twice its size. */
import { download } from "@/lib/download";

const COPIED = ["fill", "stroke", "stroke-width", "stroke-dasharray", "opacity", "fill-opacity"];
const TEXT = ["font-size", "font-weight", "font-family"];

/** Colours come from the style sheet: they are written on the copy, which has none. */
function inline(from: Element, to: Element): void {
  const style = getComputedStyle(from);
  const names = from.tagName === "text" || from.tagName === "tspan" ? [...COPIED, ...TEXT] : COPIED;
  for (const name of names)
    (to as SVGElement).style.setProperty(name, style.getPropertyValue(name));
  Array.from(from.children).forEach((child, index) => {
    const twin = to.children[index];
    if (twin) inline(child, twin);
  });
}

export async function exportPng(svg: SVGSVGElement, title: string, unit: string, name: string) {
  const { width, height } = svg.getBoundingClientRect();
  const copy = svg.cloneNode(true) as SVGSVGElement;
  inline(svg, copy);
  copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  copy.setAttribute("width", String(width));
  copy.setAttribute("height", String(height));

  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(new XMLSerializer().serializeToString(copy))}`;
  await image.decode();

  const head = 56;
  const canvas = document.createElement("canvas");
  canvas.width = (width + 32) * 2;
  canvas.height = (height + head + 16) * 2;
  const context = canvas.getContext("2d");
  if (!context) throw new Error("no canvas");
  const root = getComputedStyle(svg.closest("section") ?? document.body);
  context.scale(2, 2);
  context.fillStyle = root.backgroundColor;
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.fillStyle = root.color;
  context.font = `600 15px ${root.fontFamily}`;
  context.fillText(title, 16, 26);
  context.font = `400 12px ${root.fontFamily}`;
  context.fillText(unit, 16, 46);
  context.drawImage(image, 16, head, width, height);
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, "image/png"));
  if (blob) download(`${name}.png`, blob);
}
