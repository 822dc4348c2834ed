/** Draws a table of figures into a PNG at twice its size, with the colours that its cells have on the page. */
import { download } from "@/lib/download";

const ROW = 30;
const GAP = 24;
const HEAD = 56;

function row(node: HTMLTableRowElement): HTMLTableCellElement[] {
  return Array.from(node.cells);
}

/** The first table in an element. */
export async function exportTablePng(within: Element | null, title: string, name: string) {
  const table = within?.querySelector("table");
  if (!table) return;
  const rows = Array.from(table.rows).map(row);
  const root = getComputedStyle(table.closest("section") ?? document.body);
  const canvas = document.createElement("canvas");
  const context = canvas.getContext("2d");
  if (!context) throw new Error("no canvas");
  const font = (weight: number, size: number) => `${weight} ${size}px ${root.fontFamily}`;
  // What is drawn for the eyes; what is only said stays out.
  const words = (cell: HTMLTableCellElement) =>
    (cell.querySelector("[data-figure], [aria-hidden]") ?? cell).textContent?.trim() ?? "";
  context.font = font(500, 13);
  const columns = Math.max(...rows.map((cells) => cells.length));
  const widths = Array.from({ length: columns }, (_, index) =>
    Math.max(
      48,
      ...rows.map((cells) => {
        const cell = cells[index];
        return cell ? context.measureText(words(cell)).width + GAP : 0;
      }),
    ),
  );
  const width = widths.reduce((sum, one) => sum + one, 0) + 32;
  canvas.width = width * 2;
  canvas.height = (HEAD + rows.length * ROW + 16) * 2;
  context.scale(2, 2);
  context.fillStyle = root.backgroundColor;
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.fillStyle = root.color;
  context.font = font(600, 15);
  context.fillText(title, 16, 30);
  rows.forEach((cells, line) => {
    let left = 16;
    cells.forEach((cell, index) => {
      const top = HEAD + line * ROW;
      const wide = widths[index] ?? 0;
      const painted = cell.querySelector<HTMLElement>("[data-figure]");
      if (painted) {
        context.fillStyle = getComputedStyle(painted).backgroundColor;
        context.fillRect(left + 1, top + 1, wide - 2, ROW - 2);
      }
      context.fillStyle = painted ? getComputedStyle(painted).color : root.color;
      context.font = font(index === 0 || line === 0 ? 500 : 400, 13);
      const text = words(cell);
      const end = index > 0;
      const at = end ? left + wide - 10 - context.measureText(text).width : left + 4;
      context.fillText(text, at, top + 20);
      left += wide;
    });
  });
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, "image/png"));
  if (blob) download(`${name}.png`, blob);
}
