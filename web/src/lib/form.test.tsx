import { fireEvent, render, screen, waitFor } from "@testing-library/react";
import { beforeAll, expect, it, vi } from "vitest";
import { Field, FieldError } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { speak } from "@/test/words";
import { ApiError } from "./api";
import { email, fieldOf, required, useForm } from "./form";

beforeAll(() => speak("fr"));

function Sample({ onSubmit }: { onSubmit: (values: object) => Promise<unknown> }) {
  const form = useForm({
    initial: { name: "", email: "" },
    validate: (values) => ({ name: required(values.name), email: email(values.email) }),
    onSubmit,
  });
  return (
    <form {...form.props}>
      {form.error && <FieldError>{form.error}</FieldError>}
      <Field label="Nom" error={form.errorOf("name")}>
        <Input {...form.control("name")} />
      </Field>
      <Field label="E-mail" error={form.errorOf("email")}>
        <Input {...form.control("email")} />
      </Field>
      <button type="submit">Envoyer</button>
    </form>
  );
}

const type = (label: string, value: string) =>
  fireEvent.change(screen.getByLabelText(label), { target: { value } });
const send = () => fireEvent.click(screen.getByText("Envoyer"));

it("checks before sending, and gives the focus to the first field at fault", async () => {
  const onSubmit = vi.fn(async () => {});
  render(<Sample onSubmit={onSubmit} />);
  type("E-mail", "sans arobase");
  send();
  await waitFor(() => expect(document.activeElement).toBe(screen.getByLabelText("Nom")));
  expect(screen.getByText("Remplissez ce champ.")).toBeTruthy();
  expect(screen.getByText(/nom@exemple\.fr/)).toBeTruthy();
  expect(onSubmit).not.toHaveBeenCalled();
});

it("checks a field when it is left, and forgives as soon as it is corrected", () => {
  render(<Sample onSubmit={async () => {}} />);
  fireEvent.blur(screen.getByLabelText("E-mail"));
  expect(screen.queryByRole("alert")).toBeNull();
  type("E-mail", "x");
  fireEvent.blur(screen.getByLabelText("E-mail"));
  expect(screen.getByRole("alert").textContent).toContain("nom@exemple.fr");
  type("E-mail", "x@y.fr");
  expect(screen.queryByRole("alert")).toBeNull();
});

it("puts a refusal of the server on its field and keeps what was typed", async () => {
  const refuse = async () => {
    throw new ApiError(422, "identity_member_exists", { field: "email" });
  };
  render(<Sample onSubmit={refuse} />);
  type("Nom", "Inès");
  type("E-mail", "ines@exemple.fr");
  send();
  const field = screen.getByLabelText("E-mail") as HTMLInputElement;
  await waitFor(() => expect(field.getAttribute("aria-invalid")).toBe("true"));
  expect(screen.getByRole("alert").id).toBe(field.getAttribute("aria-describedby"));
  expect(document.activeElement).toBe(field);
  expect(field.value).toBe("ines@exemple.fr");
  // Leaving the field does not lift what only the server knows.
  fireEvent.blur(field);
  expect(screen.getByRole("alert")).toBeTruthy();
});

it("says on the form what belongs to no field", async () => {
  const refuse = async () => {
    throw new ApiError(429, "identity_too_many_attempts", { retryAfterSeconds: 42 });
  };
  render(<Sample onSubmit={refuse} />);
  type("Nom", "Inès");
  type("E-mail", "ines@exemple.fr");
  send();
  await waitFor(() => expect(screen.getByRole("alert").textContent).toContain("42 secondes"));
});

it("finds the field of a refusal that names none, or another", () => {
  const has = (name: string) => ["newPassword", "currency", "rates"].includes(name);
  const of = (code: string, field?: string) =>
    fieldOf(new ApiError(422, code, field ? { field } : {}), has, {
      "workspace.currency": "currency",
    });
  expect(of("identity_password_common")).toBe("newPassword");
  expect(of("growth_currency_unknown", "workspace.currency")).toBe("currency");
  expect(of("internal", "elsewhere")).toBeUndefined();
  expect(fieldOf(new Error("x"), has)).toBeUndefined();
});
