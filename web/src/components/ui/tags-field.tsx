/** Tags: written one after the other, separated by commas or Enter, taken away by their crosses. */
import { X } from "lucide-react";
import { type KeyboardEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { Field } from "./field";
import { Input } from "./input";

export function TagsField({
  tags,
  onChange,
  error,
  suggestions,
}: {
  tags: readonly string[];
  onChange: (tags: string[]) => void;
  error?: string;
  suggestions?: readonly string[] | null;
}) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState("");
  /** What was typed becomes tags; what is there already is not added. */
  function add(text: string) {
    const has = new Set(tags.map((tag) => tag.toLowerCase()));
    const fresh = text
      .split(/[;,]/)
      .map((tag) => tag.trim())
      .filter((tag) => tag !== "" && !has.has(tag.toLowerCase()));
    if (fresh.length > 0) onChange([...tags, ...new Set(fresh)]);
    setTyped("");
  }
  function key(event: KeyboardEvent) {
    if (event.key === "Enter" && typed.trim() !== "") {
      // It adds the tag; it sends the form when there is nothing to add.
      event.preventDefault();
      add(typed);
    }
  }
  return (
    <div className="flex flex-col gap-1.5">
      <Field label={t("tags.label")} help={t("tags.help")} error={error} optional>
        <Input
          value={typed}
          maxLength={200}
          list={suggestions ? "tags-known" : undefined}
          autoComplete="off"
          onChange={(event) => {
            const { value } = event.target;
            if (/[;,]/.test(value)) add(value);
            else setTyped(value);
          }}
          onKeyDown={key}
          onBlur={() => add(typed)}
        />
      </Field>
      {suggestions && (
        <datalist id="tags-known">
          {suggestions.map((tag) => (
            <option key={tag} value={tag} />
          ))}
        </datalist>
      )}
      {tags.length > 0 && (
        <ul aria-label={t("tags.label")} className="flex flex-wrap gap-1.5">
          {tags.map((tag) => (
            <li
              key={tag}
              className="flex min-h-7 max-w-full items-center gap-1 rounded-check bg-sunken pl-2 text-body"
            >
              <span className="min-w-0 break-words">{tag}</span>
              <button
                type="button"
                aria-label={t("tags.remove", { tag })}
                onClick={() => onChange(tags.filter((one) => one !== tag))}
                className="flex size-7 items-center justify-center rounded-check text-ink-2 hover:text-ink pointer-coarse:size-10 [&_svg]:size-3.5"
              >
                <X aria-hidden />
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
