/** Draws a list of bars into a PNG at twice its size: a name, an amount, how long the bar is, a remark under it. */
import { download } from "@/lib/download";

const WIDTH = 560;
const EDGE = 16;
const HEAD = 48;
const LINE = 58;

export interface Bar {
  name: string;
  figure: string;
  /** Of the longest, 0–1. */
  share: number;
  note: string;
}

/** Colours as the element has them: a canvas knows no variables. */
function paints(within: Element, names: readonly string[]): string[] {
  const probe = document.createElement("span");
  within.append(probe);
  const found = names.map((name) => {
    probe.style.color = `var(${name})`;
    return getComputedStyle(probe).color;
  });
  probe.remove();
  return found;
}

/** `like`: an element of the card, whose colours and type the image takes. */
export async function exportBarsPng(
  like: Element,
  bars: readonly Bar[],
  title: string,
  name: string,
) {
  const card = like.closest("section") ?? document.body;
  const root = getComputedStyle(card);
  const [track = "", filled = "", quiet = ""] = paints(card, ["--sunken", "--accent", "--ink-2"]);
  const canvas = document.createElement("canvas");
  canvas.width = WIDTH * 2;
  canvas.height = (HEAD + bars.length * LINE + EDGE) * 2;
  const context = canvas.getContext("2d");
  if (!context) throw new Error("no canvas");
  const font = (weight: number, size: number) => `${weight} ${size}px ${root.fontFamily}`;
  const inner = WIDTH - 2 * EDGE;
  context.scale(2, 2);
  context.fillStyle = root.backgroundColor;
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.fillStyle = root.color;
  context.font = font(600, 15);
  context.fillText(title, EDGE, 28, inner);
  bars.forEach((bar, index) => {
    const top = HEAD + index * LINE;
    context.fillStyle = root.color;
    context.font = font(600, 13);
    context.fillText(bar.name, EDGE, top + 12);
    context.textAlign = "right";
    context.fillText(bar.figure, WIDTH - EDGE, top + 12);
    context.textAlign = "left";
    context.fillStyle = track;
    context.fillRect(EDGE, top + 19, inner, 8);
    context.fillStyle = filled;
    context.fillRect(EDGE, top + 19, inner * Math.min(1, Math.max(0, bar.share)), 8);
    context.fillStyle = quiet;
    context.font = font(400, 12);
    context.fillText(bar.note, EDGE, top + 42, inner);
  });
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, "image/png"));
  if (blob) download(`${name}.png`, blob);
}
