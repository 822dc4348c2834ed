/** Search as one types: the address follows a little later, and wins when it changes by itself. */
import { type ComponentProps, useEffect, useRef, useState } from "react";
import { useDebounced } from "@/lib/hooks";
import { SearchInput } from "./input";

export function LiveSearch({
  value = "",
  onChange,
  ...props
}: Omit<ComponentProps<"input">, "value" | "onChange"> & {
  value: string | undefined;
  /** Told once the typing rests; nothing when the field is empty. */
  onChange: (value: string | undefined) => void;
}) {
  const [typed, setTyped] = useState(value);
  const settled = useDebounced(typed.trim(), 180);
  const sent = useRef(value);
  const change = useRef(onChange);
  change.current = onChange;
  useEffect(() => {
    if (settled === sent.current) return;
    sent.current = settled;
    change.current(settled === "" ? undefined : settled);
  }, [settled]);
  useEffect(() => {
    if (value === sent.current) return;
    sent.current = value;
    setTyped(value);
  }, [value]);
  return (
    <SearchInput value={typed} onChange={(event) => setTyped(event.target.value)} {...props} />
  );
}
