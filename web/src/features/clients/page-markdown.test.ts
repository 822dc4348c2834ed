import { describe, expect, it } from "vitest";
import { type Block, type Inline, inline, markdown, safeAddress } from "./page-markdown";
import { asking, kept, typed } from "./page-mentions";

const ID = "01890a5d-ac96-774b-bcce-b302099a8057";
const plain = (nodes: Inline[]): string =>
  nodes
    .map((node) =>
      node.kind === "text" || node.kind === "code"
        ? node.text
        : node.kind === "mention"
          ? node.name
          : node.kind === "break"
            ? "\n"
            : plain(node.children),
    )
    .join("");
const kinds = (blocks: Block[]) => blocks.map((block) => block.kind);

describe("notes", () => {
  it("have blocks", () => {
    const text =
      "# Renewal\nFirst line\nsecond line\n\n- one\n- **two**\n1. a\n2. b\n> said\n> twice\n```\n<b>code</b>\n```\nend";
    const blocks = markdown(text);
    expect(kinds(blocks)).toEqual([
      "heading",
      "paragraph",
      "list",
      "list",
      "quote",
      "code",
      "paragraph",
    ]);
    expect(blocks[2]).toMatchObject({ ordered: false });
    expect(blocks[3]).toMatchObject({ ordered: true });
    expect(blocks[5]).toEqual({ kind: "code", text: "<b>code</b>" });
  });

  it("have emphasis, code, links and mentions", () => {
    const nodes = inline(`**bold *both*** and \`x\` [site](https://e.example/a) @[Léa](${ID})`);
    expect(nodes.map((node) => node.kind)).toEqual([
      "strong",
      "text",
      "code",
      "text",
      "link",
      "text",
      "mention",
    ]);
    expect(plain(inline("snake_case*star 2 * 3 * 4"))).toBe("snake_case*star 2 * 3 * 4");
    expect(inline("see https://e.example/x.")[1]).toMatchObject({ to: "https://e.example/x" });
  });

  it("never hold anything that runs", () => {
    for (const hostile of [
      "<script>alert(1)</script>",
      "<img src=x onerror=alert(1)>",
      "[x](javascript:alert(1))",
      "[x](JAVASCRIPT:alert(1))",
      "[x](data:text/html,<script>1</script>)",
      "[x](vbscript:1)",
      "`<svg onload=1>`",
      '<a href="javascript:1">x</a>',
    ]) {
      const tree = JSON.stringify(markdown(hostile));
      expect(tree, hostile).not.toContain('"to"');
    }
    for (const address of ["javascript:1", "//e.example", "/own", "data:x", "ftp://x"]) {
      expect(safeAddress(address), address).toBeUndefined();
    }
  });

  it("read any text without losing a word", () => {
    for (const text of [
      "**",
      "***",
      "[",
      "@[",
      "`",
      "```",
      "# ",
      ">",
      "- ",
      "1.",
      "**a*",
      "[a](b",
      "\n\n\n",
    ]) {
      expect(() => markdown(text)).not.toThrow();
    }
    expect(plain(inline("a [b](c) **d"))).toBe("a [b](c) **d");
    expect(markdown("```\nnever closed")).toEqual([{ kind: "code", text: "never closed" }]);
  });
});

describe("mentions", () => {
  const members = [
    { userId: ID, name: "Léa" },
    { userId: "01890a5d-ac96-774b-bcce-b302099a8058", name: "Léa Martin" },
  ];
  it("are kept with ids and typed by name, there and back", () => {
    const body = kept("ask @Léa Martin, then @Léa.", members);
    expect(body).toBe(`ask @[Léa Martin](${members[1]?.userId}), then @[Léa](${ID}).`);
    expect(typed(body)).toBe("ask @Léa Martin, then @Léa.");
  });
  it("begin and end with words", () => {
    expect(kept("mail@Léa @Léana @Nobody", members)).toBe("mail@Léa @Léana @Nobody");
  });
  it("are asked for behind the last @", () => {
    expect(asking("hello @Lé", 9)).toBe("Lé");
    expect(asking("hello @", 7)).toBe("");
    expect(asking("a@b", 3)).toBeUndefined();
    expect(asking("@Léa Martin is here", 19)).toBeUndefined();
  });
});
