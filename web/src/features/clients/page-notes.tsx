/** Notes: written with mentions, shown as Markdown, changed and taken back by who wrote them. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Pencil, Trash2 } from "lucide-react";
import { type ReactNode, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Button, IconButton } from "@/components/ui/button";
import { Field, FieldError } from "@/components/ui/field";
import { Textarea } from "@/components/ui/input";
import { toast, toastError } from "@/components/ui/toast";
import { api } from "@/lib/api";
import { required, useForm } from "@/lib/form";
import { useCan, useSession } from "@/lib/session";
import { membersQuery, type TimelineItem } from "./api";
import { type Block, type Inline, markdown } from "./page-markdown";
import { asking, kept, type Mentionable, named, typed } from "./page-mentions";

const MAX = 20_000;

function useRefresh(clientId: string) {
  const client = useQueryClient();
  return () => client.invalidateQueries({ queryKey: ["clients", "one", clientId, "timeline"] });
}

/** A new note, above the stream. */
export function NewNote({ clientId }: { clientId: string }) {
  const { t } = useTranslation("client");
  const edit = useCan("edit");
  const refresh = useRefresh(clientId);
  const [open, setOpen] = useState(false);
  if (!edit) return null;
  if (!open) {
    return (
      <Button className="mb-4" onClick={() => setOpen(true)}>
        <Pencil aria-hidden />
        {t("note.new")}
      </Button>
    );
  }
  return (
    <div className="mb-4 w-full">
      <NoteForm
        body=""
        submit={t("note.add")}
        onCancel={() => setOpen(false)}
        onSave={async (body) => {
          const { id } = await api.post<{ id: string }>(`/clients/${clientId}/notes`, { body });
          setOpen(false);
          await refresh();
          toast({
            message: t("note.added"),
            undo: () =>
              void api.delete(`/clients/${clientId}/notes/${id}`).then(refresh, toastError),
          });
        }}
      />
    </div>
  );
}

/** A note of the stream. */
export function Note({ clientId, item }: { clientId: string; item: TimelineItem }) {
  const { t } = useTranslation("client");
  const { user } = useSession();
  const edit = useCan("edit");
  const refresh = useRefresh(clientId);
  const [editing, setEditing] = useState(false);
  const body = typeof item.data.body === "string" ? item.data.body : "";
  const path = `/clients/${clientId}/notes/${item.id}`;
  const own = edit && (item.data.authorId == null || item.data.authorId === user.id);
  async function remove() {
    try {
      await api.delete(path);
      await refresh();
      toast({
        message: t("note.removed"),
        undo: () => void api.post(`${path}/restore`).then(refresh, toastError),
      });
    } catch (error) {
      toastError(error);
    }
  }
  if (editing) {
    return (
      <NoteForm
        body={body}
        submit={t("note.save")}
        onCancel={() => setEditing(false)}
        onSave={async (next) => {
          await api.patch(path, { body: next });
          await refresh();
          setEditing(false);
          toast({
            message: t("note.saved"),
            undo: () => void api.patch(path, { body }).then(refresh, toastError),
          });
        }}
      />
    );
  }
  return (
    <div className="mt-1 flex items-start gap-2 rounded-card bg-sunken px-3 py-2">
      <div className="flex min-w-0 flex-1 flex-col gap-2">
        <Markdown text={body} />
      </div>
      {own && (
        <span className="flex shrink-0">
          <IconButton
            size="sm"
            variant="ghost"
            label={t("note.edit")}
            onClick={() => setEditing(true)}
          >
            <Pencil aria-hidden />
          </IconButton>
          <IconButton
            size="sm"
            variant="ghost"
            label={t("note.remove")}
            onClick={() => void remove()}
          >
            <Trash2 aria-hidden />
          </IconButton>
        </span>
      )}
    </div>
  );
}

function NoteForm({
  body,
  submit,
  onSave,
  onCancel,
}: {
  body: string;
  submit: string;
  onSave: (body: string) => Promise<void>;
  onCancel: () => void;
}) {
  const { t } = useTranslation(["client", "common"]);
  const { data } = useQuery(membersQuery);
  const area = useRef<HTMLTextAreaElement>(null);
  const [asked, setAsked] = useState<string>();
  // Who is named already stays known, a member or not any more.
  const people: Mentionable[] = [...named(body), ...(data?.items ?? [])];
  const form = useForm({
    initial: { body: typed(body) },
    validate: (values) => ({
      body:
        required(values.body) ??
        (kept(values.body, people).length > MAX
          ? { code: "field_too_long", params: { max: MAX } }
          : undefined),
    }),
    onSubmit: (values) => onSave(kept(values.body.trim(), people)),
  });
  const found =
    asked === undefined
      ? []
      : (data?.items ?? [])
          .filter((member) => member.name.toLowerCase().includes(asked.toLowerCase()))
          .slice(0, 6);
  function look() {
    const { current } = area;
    setAsked(current ? asking(current.value, current.selectionStart) : undefined);
  }
  function choose(member: Mentionable) {
    const { current } = area;
    if (!current || asked === undefined) return;
    const caret = current.selectionStart;
    const start = caret - asked.length;
    const text = current.value;
    form.set({ body: `${text.slice(0, start)}${member.name} ${text.slice(caret)}` });
    setAsked(undefined);
    current.focus();
  }
  const control = form.control("body");
  return (
    <form {...form.props} className="flex flex-col gap-2">
      <Field label={t("note.label")} help={t("note.help")} error={form.errorOf("body")}>
        <Textarea
          ref={area}
          rows={4}
          autoFocus
          {...control}
          onChange={(event) => {
            control.onChange(event);
            look();
          }}
          onKeyUp={look}
          onClick={look}
        />
      </Field>
      {found.length > 0 && (
        <ul aria-label={t("note.members")} className="flex flex-wrap gap-1.5">
          {found.map((member) => (
            <li key={member.userId}>
              <Button size="sm" onClick={() => choose(member)}>
                @{member.name}
              </Button>
            </li>
          ))}
        </ul>
      )}
      {form.error && <FieldError>{form.error}</FieldError>}
      <div className="flex gap-2">
        <Button type="submit" variant="primary" busy={form.busy}>
          {submit}
        </Button>
        <Button variant="ghost" onClick={onCancel}>
          {t("common:actions.cancel")}
        </Button>
      </div>
    </form>
  );
}

export function Markdown({ text }: { text: string }) {
  return markdown(text).map((block, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: a text has no other names for its parts
    <BlockView key={index} block={block} />
  ));
}

function BlockView({ block }: { block: Block }) {
  switch (block.kind) {
    case "heading":
      return (
        <p className={block.level === 1 ? "font-semibold text-card" : "font-semibold"}>
          <Line nodes={block.children} />
        </p>
      );
    case "code":
      return (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: long lines scroll sideways
        <pre tabIndex={0} className="overflow-x-auto font-mono text-meta">
          {block.text}
        </pre>
      );
    case "list": {
      const List = block.ordered ? "ol" : "ul";
      return (
        <List className={block.ordered ? "list-decimal pl-5" : "list-disc pl-5"}>
          {block.items.map((item, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the same
            <li key={index} className="break-words">
              <Line nodes={item} />
            </li>
          ))}
        </List>
      );
    }
    case "quote":
      return (
        <blockquote className="break-words border-border-strong border-l-2 pl-3 text-ink-2">
          <Line nodes={block.children} />
        </blockquote>
      );
    default:
      return (
        <p className="break-words">
          <Line nodes={block.children} />
        </p>
      );
  }
}

function Line({ nodes }: { nodes: Inline[] }): ReactNode {
  return nodes.map((node, index) => {
    // biome-ignore lint/suspicious/noArrayIndexKey: the same
    return <InlineView key={index} node={node} />;
  });
}

function InlineView({ node }: { node: Inline }) {
  switch (node.kind) {
    case "text":
      return node.text;
    case "code":
      return <code className="rounded-check bg-surface px-1 font-mono text-meta">{node.text}</code>;
    case "strong":
      return (
        <strong className="font-semibold">
          <Line nodes={node.children} />
        </strong>
      );
    case "em":
      return (
        <em>
          <Line nodes={node.children} />
        </em>
      );
    case "mention":
      return <span className="font-medium text-accent-words">@{node.name}</span>;
    case "break":
      return <br />;
    case "link":
      return (
        <a
          href={node.to}
          target="_blank"
          rel="noopener noreferrer nofollow"
          className="rounded-check text-accent-words underline underline-offset-4"
        >
          <Line nodes={node.children} />
        </a>
      );
  }
}
