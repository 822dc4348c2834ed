/** How a figure becomes points: each curve drawn, and its points in a small table to edit. */
import { Plus, RotateCcw, Trash2 } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Badge } from "@/components/ui/badge";
import { Button, IconButton } from "@/components/ui/button";
import { Card, CardHeader } from "@/components/ui/card";
import { FieldError } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { useFormat } from "@/lib/session";
import type { Curve, Point } from "./api-profiles";
import { type DraftPoint, isDefault, newPoint, pointsOf, readNumber } from "./profile-draft";
import { type EditorPart, useWriteNumber } from "./profile-editor";

const LEAST = 2;
const MOST = 8;

export function ProfileCurves({
  form,
  errorOf,
  disabled,
  curves,
  fed,
}: EditorPart & { curves: Curve[]; fed: ReadonlySet<string> }) {
  const { t } = useTranslation("health");
  const set = (name: string, points: DraftPoint[]) =>
    form.set({ curves: { ...form.values.curves, [name]: points } });
  return (
    <Card aria-labelledby="curves">
      <CardHeader id="curves" title={t("curves.title")} subtitle={t("curves.text")} />
      <ul className="divide-y divide-border border-border border-t">
        {curves.map((curve) => (
          <Row
            key={curve.curve}
            curve={curve}
            points={form.values.curves[curve.curve] ?? []}
            fed={fed.has(curve.curve.split("_")[0] ?? "")}
            error={errorOf(`curves.${curve.curve}`)}
            disabled={disabled}
            onPoints={(points) => set(curve.curve, points)}
            onLeave={() => form.leave(`curves.${curve.curve}`)}
          />
        ))}
      </ul>
    </Card>
  );
}

function Row({
  curve,
  points,
  fed,
  error,
  disabled,
  onPoints,
  onLeave,
}: {
  curve: Curve;
  points: readonly DraftPoint[];
  fed: boolean;
  error: string | undefined;
  disabled: boolean;
  onPoints: (points: DraftPoint[]) => void;
  onLeave: () => void;
}) {
  const { t } = useTranslation("health");
  const write = useWriteNumber();
  const [open, setOpen] = useState(false);
  const name = t(`curves.name.${curve.curve}`);
  const own = !isDefault(points, curve);
  return (
    <li className="px-4 py-3">
      <div className="flex items-center gap-4">
        <Drawing points={pointsOf(points)} other={own ? curve.default : undefined} small />
        <div className="min-w-0 flex-1">
          <p className="flex flex-wrap items-center gap-x-2 gap-y-0.5">
            <span className="font-medium">{name}</span>
            {own && <Badge tone="accent">{t("curves.changed")}</Badge>}
            {!fed && <Badge>{t("weights.unfed")}</Badge>}
          </p>
          <p className="text-ink-2 text-meta">{t(`curves.x.${curve.curve}`)}</p>
        </div>
        <Button
          size="sm"
          aria-expanded={open}
          aria-label={t(open ? "curves.closeNamed" : "curves.editNamed", { name })}
          onClick={() => setOpen(!open)}
        >
          {t(open ? "curves.close" : disabled ? "curves.see" : "curves.edit")}
        </Button>
      </div>
      {error && !open && (
        <div className="mt-2">
          <FieldError>{error}</FieldError>
        </div>
      )}
      {open && (
        <div className="mt-3 grid gap-x-6 gap-y-3 md:grid-cols-[minmax(0,20rem)_minmax(0,1fr)]">
          <Drawing points={pointsOf(points)} other={own ? curve.default : undefined} />
          <div>
            <Points
              curve={curve}
              name={name}
              points={points}
              error={error}
              disabled={disabled}
              onPoints={onPoints}
              onLeave={onLeave}
            />
            {error && <FieldError id={`${curve.curve}-error`}>{error}</FieldError>}
            {!disabled && (
              <div className="mt-2 flex flex-wrap gap-2">
                <Button
                  size="sm"
                  disabled={points.length >= MOST}
                  onClick={() => onPoints([...points, nextPoint(points, write)])}
                >
                  <Plus aria-hidden />
                  {t("curves.add")}
                </Button>
                {own && (
                  <Button
                    size="sm"
                    variant="ghost"
                    onClick={() =>
                      onPoints(curve.default.map(([x, y]) => newPoint(write(x), write(y))))
                    }
                  >
                    <RotateCcw aria-hidden />
                    {t("curves.reset")}
                  </Button>
                )}
              </div>
            )}
          </div>
        </div>
      )}
    </li>
  );
}

/** One more step to the right, at the height of the last point. */
function nextPoint(points: readonly DraftPoint[], write: (value: number) => string): DraftPoint {
  const [before, last] = [points.at(-2), points.at(-1)].map((point) =>
    point ? readNumber(point.x) : Number.NaN,
  );
  const step = (last ?? 0) - (before ?? 0);
  const x = Number.isFinite(step) && step > 0 ? (last ?? 0) + step : (last ?? 0) + 1;
  return newPoint(
    Number.isFinite(x) ? write(Math.round(x * 100) / 100) : "",
    points.at(-1)?.y ?? "",
  );
}

function Points({
  curve,
  name,
  points,
  error,
  disabled,
  onPoints,
  onLeave,
}: {
  curve: Curve;
  name: string;
  points: readonly DraftPoint[];
  error: string | undefined;
  disabled: boolean;
  onPoints: (points: DraftPoint[]) => void;
  onLeave: () => void;
}) {
  const { t } = useTranslation("health");
  const format = useFormat();
  const height = curve.costs ? "curves.pointLost" : "curves.pointY";
  const change = (at: number, patch: Partial<DraftPoint>) =>
    onPoints(points.map((point, index) => (index === at ? { ...point, ...patch } : point)));
  return (
    <table className="w-full max-w-sm">
      <caption className="sr-only">{t("curves.points", { name })}</caption>
      <thead>
        <tr className="text-left text-ink-3 text-meta">
          <th scope="col" className="pr-2 pb-1 font-normal">
            {t(`curves.unit.${curve.curve}`)}
          </th>
          <th scope="col" className="pr-2 pb-1 font-normal">
            {t(curve.costs ? "curves.lost" : "curves.y")}
          </th>
          {!disabled && (
            <th scope="col" className="w-8 pb-1">
              <span className="sr-only">{t("curves.remove")}</span>
            </th>
          )}
        </tr>
      </thead>
      <tbody>
        {points.map((point, index) => {
          const n = format.number(index + 1);
          return (
            <tr key={point.key}>
              {(["x", "y"] as const).map((axis) => (
                <td key={axis} className="pr-2 pb-1.5">
                  <Input
                    aria-label={t(axis === "x" ? "curves.pointX" : height, { n, name })}
                    aria-invalid={error ? true : undefined}
                    aria-describedby={error ? `${curve.curve}-error` : undefined}
                    disabled={disabled}
                    inputMode="decimal"
                    autoComplete="off"
                    value={point[axis]}
                    onChange={(event) => change(index, { [axis]: event.target.value })}
                    onBlur={onLeave}
                    className="tnum h-8"
                  />
                </td>
              ))}
              {!disabled && (
                <td className="pb-1.5">
                  <IconButton
                    label={t("curves.removePoint", { n })}
                    disabled={points.length <= LEAST}
                    onClick={() => onPoints(points.filter((_, at) => at !== index))}
                  >
                    <Trash2 aria-hidden />
                  </IconButton>
                </td>
              )}
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

/** The line through the points, flat outside them; dashed behind it, the built-in one. For the eyes only. */
function Drawing({
  points,
  other,
  small = false,
}: {
  points: readonly Point[];
  other?: readonly Point[];
  small?: boolean;
}) {
  const format = useFormat();
  const good = (list: readonly Point[]) =>
    list.filter(([x, y]) => Number.isFinite(x) && Number.isFinite(y));
  const mine = good(points);
  const all = [...mine, ...(other ?? [])];
  const width = small ? 72 : 320;
  const height = small ? 36 : 150;
  const pad = small ? { x: 3, top: 4, bottom: 4 } : { x: 26, top: 10, bottom: 20 };
  const xs = all.map(([x]) => x);
  const [low, high] = [Math.min(...xs), Math.max(...xs)];
  const x = (value: number) => pad.x + ((value - low) / (high - low || 1)) * (width - 2 * pad.x);
  const y = (value: number) =>
    height - pad.bottom - (Math.min(100, value) / 100) * (height - pad.top - pad.bottom);
  const path = (list: readonly Point[]) => {
    const sorted = [...list].sort((a, b) => a[0] - b[0]);
    const [first, last] = [sorted[0], sorted.at(-1)];
    if (!first || !last) return "";
    const line: Point[] = [[low, first[1]], ...sorted, [high, last[1]]];
    return `M${line.map(([px, py]) => `${x(px).toFixed(1)} ${y(py).toFixed(1)}`).join("L")}`;
  };
  return (
    <svg
      aria-hidden
      viewBox={`0 0 ${width} ${height}`}
      width={small ? width : undefined}
      height={small ? height : undefined}
      className={small ? "shrink-0 rounded-check bg-sunken" : "w-full max-w-80 self-start"}
      fill="none"
    >
      {!small &&
        [0, 50, 100].map((tick) => (
          <g key={tick}>
            <path d={`M${pad.x} ${y(tick)}H${width - pad.x}`} stroke="var(--border)" />
            <text x={pad.x - 6} y={y(tick) + 4} textAnchor="end" className="recharts-text">
              {format.number(tick)}
            </text>
          </g>
        ))}
      {!small &&
        all.length > 0 &&
        [low, high].map((tick, index) => (
          <text
            key={tick}
            x={x(tick)}
            y={height - 4}
            textAnchor={index === 0 ? "start" : "end"}
            className="recharts-text"
          >
            {format.number(tick, { digits: 2 })}
          </text>
        ))}
      {other && (
        <path d={path(other)} stroke="var(--ink-3)" strokeWidth="1.5" strokeDasharray="3 3" />
      )}
      <path
        d={path(mine)}
        stroke="var(--accent)"
        strokeWidth={small ? 1.5 : 2}
        strokeLinejoin="round"
      />
      {!small &&
        mine.map(([px, py], index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: points are drawn in their order
          <circle key={index} cx={x(px)} cy={y(py)} r="3.5" fill="var(--accent)" />
        ))}
    </svg>
  );
}
