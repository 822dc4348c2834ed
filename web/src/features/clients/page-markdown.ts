/**
 * The Markdown of notes, read into a small tree: paragraphs, headings, lists, quotes, code, emphasis, links, mentions.
 * HTML is text like any other: there is no kind of node that could run.
 */

export type Inline =
  | { kind: "text"; text: string }
  | { kind: "code"; text: string }
  | { kind: "strong"; children: Inline[] }
  | { kind: "em"; children: Inline[] }
  | { kind: "link"; to: string; children: Inline[] }
  | { kind: "mention"; id: string; name: string }
  | { kind: "break" };

export type Block =
  | { kind: "heading"; level: 1 | 2 | 3; children: Inline[] }
  | { kind: "paragraph" | "quote"; children: Inline[] }
  | { kind: "list"; ordered: boolean; items: Inline[][] }
  | { kind: "code"; text: string };

const ID = "[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}";
/** What begins something inside a line; the first that matches counts. */
const INLINE: readonly [RegExp, (found: RegExpExecArray) => Inline | undefined][] = [
  [/^`([^`\n]+)`/, (found) => ({ kind: "code", text: found[1] ?? "" })],
  [
    new RegExp(`^@\\[([^\\[\\]\\n]+)\\]\\((${ID})\\)`),
    (found) => ({ kind: "mention", name: found[1] ?? "", id: (found[2] ?? "").toLowerCase() }),
  ],
  [
    /^\[([^[\]\n]+)\]\(([^()\s]+)\)/,
    (found) => {
      const to = safeAddress(found[2] ?? "");
      return to === undefined ? undefined : { kind: "link", to, children: inline(found[1] ?? "") };
    },
  ],
  [/^\*\*(?=\S)([^\n]*?\S)\*\*/, (found) => ({ kind: "strong", children: inline(found[1] ?? "") })],
  [
    /^\*(?=[^\s*])([^*\n]*?[^\s*])\*/,
    (found) => ({ kind: "em", children: inline(found[1] ?? "") }),
  ],
  [
    /^https?:\/\/[^\s<>"']*[^\s<>"'.,;:!?)\]]/,
    (found) => ({ kind: "link", to: found[0], children: [{ kind: "text", text: found[0] }] }),
  ],
  [/^\n/, () => ({ kind: "break" })],
];

/** Web and mail addresses; anything else is no address that a page may follow. */
export function safeAddress(address: string): string | undefined {
  return /^(https?:\/\/|mailto:)[^\s]+$/i.test(address) ? address : undefined;
}

export function inline(text: string): Inline[] {
  const out: Inline[] = [];
  let plain = "";
  let rest = text;
  const flush = () => {
    if (plain !== "") out.push({ kind: "text", text: plain });
    plain = "";
  };
  while (rest !== "") {
    let node: Inline | undefined;
    let length = 1;
    // Nothing begins in the middle of a word.
    const inWord = /\w$/.test(plain) && /^[\w:]/.test(rest);
    for (const [pattern, make] of inWord ? [] : INLINE) {
      const found = pattern.exec(rest);
      node = found ? make(found) : undefined;
      if (found && node) {
        length = found[0].length;
        break;
      }
    }
    if (node) {
      flush();
      out.push(node);
    } else {
      plain += rest.slice(0, length);
    }
    rest = rest.slice(length);
  }
  flush();
  return out;
}

const BULLET = /^\s*[-*+]\s+(.*)$/;
const NUMBER = /^\s*\d{1,9}[.)]\s+(.*)$/;

/** Whether a line begins something else than the paragraph that it follows. */
const begins = (line: string) =>
  line.trim() === "" || /^(```|#{1,3}\s|>)/.test(line) || BULLET.test(line) || NUMBER.test(line);

export function markdown(source: string): Block[] {
  const lines = source.replaceAll("\r\n", "\n").split("\n");
  const out: Block[] = [];
  let at = 0;
  const take = (matches: (line: string) => string | undefined): string[] => {
    const found: string[] = [];
    for (; at < lines.length; at += 1) {
      const text = matches(lines[at] ?? "");
      if (text === undefined) break;
      found.push(text);
    }
    return found;
  };
  while (at < lines.length) {
    const line = lines[at] ?? "";
    const heading = /^(#{1,3})\s+(.+)$/.exec(line);
    if (line.trim() === "") {
      at += 1;
    } else if (line.startsWith("```")) {
      at += 1;
      const code = take((text) => (text.startsWith("```") ? undefined : text));
      at += 1;
      out.push({ kind: "code", text: code.join("\n") });
    } else if (heading) {
      at += 1;
      const level = Math.min(3, heading[1]?.length ?? 1) as 1 | 2 | 3;
      out.push({ kind: "heading", level, children: inline(heading[2] ?? "") });
    } else if (BULLET.test(line) || NUMBER.test(line)) {
      const pattern = BULLET.test(line) ? BULLET : NUMBER;
      const items = take((text) => pattern.exec(text)?.[1]);
      out.push({ kind: "list", ordered: pattern === NUMBER, items: items.map(inline) });
    } else if (line.startsWith(">")) {
      const quoted = take((text) => (text.startsWith(">") ? text.replace(/^>\s?/, "") : undefined));
      out.push({ kind: "quote", children: inline(quoted.join("\n")) });
    } else {
      const from = at;
      const text = take((next) => (at > from && begins(next) ? undefined : next));
      out.push({ kind: "paragraph", children: inline(text.join("\n")) });
    }
  }
  return out;
}
