/** Mentions as people type them, `@Name`, and as they are kept, `@[Name](id)`. */

export interface Mentionable {
  userId: string;
  name: string;
}

const TOKEN = /@\[([^[\]\n]+)\]\(([0-9a-fA-F-]{36})\)/g;

/** What is typed for what is kept. */
export const typed = (body: string): string => body.replace(TOKEN, "@$1");

/** The members that a kept text names, by name. */
export function named(body: string): Mentionable[] {
  return [...body.matchAll(TOKEN)].map((found) => ({
    name: found[1] ?? "",
    userId: found[2] ?? "",
  }));
}

const LETTER = /[\p{L}\p{N}]/u;

/** What is kept for what is typed: the longest name counts, and a name ends where a word does. */
export function kept(text: string, members: readonly Mentionable[]): string {
  const names = members
    .filter((member) => member.name !== "" && !/[[\]\n]/.test(member.name))
    .sort((a, b) => b.name.length - a.name.length);
  let out = "";
  for (let at = 0; at < text.length; ) {
    const member =
      text[at] === "@" && !LETTER.test(text[at - 1] ?? "")
        ? names.find(
            ({ name }) =>
              text.startsWith(name, at + 1) && !LETTER.test(text[at + 1 + name.length] ?? ""),
          )
        : undefined;
    out += member ? `@[${member.name}](${member.userId})` : text[at];
    at += member ? member.name.length + 1 : 1;
  }
  return out;
}

/** What stands behind the last `@` before the caret, while somebody types a name. */
export function asking(text: string, caret: number): string | undefined {
  return /(?:^|[\s(])@([\p{L}\p{N}'’.-]*(?: [\p{L}\p{N}'’.-]*)?)$/u.exec(text.slice(0, caret))?.[1];
}
