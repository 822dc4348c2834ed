/**
 * Everything that writes a number, an amount or a date on screen. Pure: the locale, the currency,
 * the time zone and "now" come in, so the same words come out anywhere.
 *
 * House rules: true minus (U+2212), no narrow no-break space (Inter draws U+202F too thin, so it
 * becomes U+00A0), and an em dash for a value that does not exist.
 */
export type Locale = "fr" | "en";

export const NONE = "—";
const NBSP = "\u00a0";
const MINUS = "\u2212";

const TAGS: Record<Locale, string> = { fr: "fr-FR", en: "en-GB" };

type Maybe<T> = T | null | undefined;

export interface FormatSettings {
  locale: Locale;
  /** Reporting currency of the workspace. */
  currency: string;
  /** IANA time zone of the workspace. */
  timeZone: string;
  now?: () => Date;
}

export interface MoneyOptions {
  currency?: string;
  /** Writes "+" before a gain. */
  signed?: boolean;
  /** Writes the cents; otherwise the amount is rounded to the unit. */
  exact?: boolean;
}

export interface NumberOptions {
  /** Most decimals to write (default 0 for numbers, 1 for rates). */
  digits?: number;
  signed?: boolean;
  /** Always write that many decimals: columns that must line up. */
  fixed?: boolean;
}

function tidy(text: string): string {
  return text.replace(/\u202f/g, NBSP).replace(/-/g, MINUS);
}

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY_MS = 24 * HOUR;

export function makeFormat(settings: FormatSettings) {
  const { locale, timeZone } = settings;
  const tag = TAGS[locale];
  const clock = settings.now ?? (() => new Date());
  const cache = new Map<string, Intl.NumberFormat>();

  function intl(options: Intl.NumberFormatOptions): Intl.NumberFormat {
    const key = JSON.stringify(options);
    let made = cache.get(key);
    if (!made) {
      made = new Intl.NumberFormat(tag, options);
      cache.set(key, made);
    }
    return made;
  }

  // Making one costs a hundred times more than using it.
  const dates = new Map<string, Intl.DateTimeFormat>();
  function intlDate(language: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
    const key = language + JSON.stringify(options);
    let made = dates.get(key);
    if (!made) {
      made = new Intl.DateTimeFormat(language, options);
      dates.set(key, made);
    }
    return made;
  }

  /** A value that rounds to zero carries no sign. */
  const sign = (signed?: boolean): Intl.NumberFormatOptions => ({
    signDisplay: signed ? "exceptZero" : "negative",
  });

  /** How many minor units make one unit: 100 for the euro, 1 for the yen. */
  const minors = new Map<string, number>();
  function minor(currency: string): number {
    let known = minors.get(currency);
    if (known === undefined) {
      const digits = intl({ style: "currency", currency }).resolvedOptions().maximumFractionDigits;
      known = 10 ** (digits ?? 2);
      minors.set(currency, known);
    }
    return known;
  }

  function number(value: Maybe<number>, options: NumberOptions = {}): string {
    if (value == null || !Number.isFinite(value)) return NONE;
    const digits = options.digits ?? 0;
    return tidy(
      intl({
        maximumFractionDigits: digits,
        minimumFractionDigits: options.fixed ? digits : 0,
        ...sign(options.signed),
      }).format(value),
    );
  }

  /** `186 420 €` / `€186,420`. */
  function money(cents: Maybe<number>, options: MoneyOptions = {}): string {
    if (cents == null || !Number.isFinite(cents)) return NONE;
    const currency = options.currency ?? settings.currency;
    const digits = options.exact ? undefined : 0;
    return tidy(
      intl({
        style: "currency",
        currency,
        maximumFractionDigits: digits,
        minimumFractionDigits: digits,
        ...sign(options.signed),
      }).format(cents / minor(currency)),
    );
  }

  /** For large figures, where the unit is written smaller: `186 420` and `€`; `€186,420` alone. */
  function moneyParts(cents: Maybe<number>): { value: string; unit?: string } {
    const text = money(cents);
    const symbol = currencySymbol();
    if (!text.endsWith(symbol)) return { value: text };
    return { value: text.slice(0, -symbol.length).trim(), unit: symbol };
  }

  function currencySymbol(currency = settings.currency): string {
    const parts = intl({ style: "currency", currency }).formatToParts(0);
    return parts.find((part) => part.type === "currency")?.value ?? currency;
  }

  /** `207,9 k€` / `€207.9k`: for titles and axes. */
  function moneyCompact(cents: Maybe<number>, options: MoneyOptions = {}): string {
    if (cents == null || !Number.isFinite(cents)) return NONE;
    const currency = options.currency ?? settings.currency;
    const value = cents / minor(currency);
    // 999,950 would round to "1 000,0 k": the next unit is taken a little earlier.
    const size = Math.abs(value);
    const [scale, letter] =
      size >= 999_950_000
        ? ([1e9, locale === "fr" ? "Md" : "bn"] as const)
        : size >= 999_950
          ? ([1e6, locale === "fr" ? "M" : "m"] as const)
          : size >= 1000
            ? ([1e3, "k"] as const)
            : ([1, ""] as const);
    const text = intl({
      maximumFractionDigits: scale === 1 ? 0 : 1,
      signDisplay: "never",
    }).format(value / scale);
    const symbol = currencySymbol(currency);
    const zero = !/[1-9]/.test(text);
    const lead = zero ? "" : value < 0 ? MINUS : options.signed ? "+" : "";
    if (locale === "en") {
      const gap = symbol.length > 1 && /[A-Z]$/.test(symbol) ? NBSP : "";
      return tidy(`${lead}${symbol}${gap}${text}${letter}`);
    }
    const gap = letter !== "" && symbol.length === 1 ? "" : NBSP;
    return tidy(`${lead}${text}${letter === "" ? "" : NBSP}${letter}${gap}${symbol}`);
  }

  /**
   * One scale for a whole axis: the unit is written once above it (`k€`), the ticks are bare numbers.
   * `most` is the largest size on the axis.
   */
  function moneyScale(most: number): { unit: string; write: (cents: number) => string } {
    const one = minor(settings.currency);
    const size = Math.abs(most) / one;
    const [scale, letter] =
      size >= 10_000_000
        ? ([1e6, locale === "fr" ? "M" : "m"] as const)
        : size >= 10_000
          ? ([1e3, "k"] as const)
          : ([1, ""] as const);
    const symbol = currencySymbol();
    const unit = locale === "fr" ? `${letter}${symbol}` : `${symbol}${letter}`;
    return { unit, write: (cents) => number(cents / one / scale, { digits: scale === 1 ? 0 : 1 }) };
  }

  /** Minor units in one unit of a currency, the reporting one when none is named: 100 for the euro. */
  const minorUnits = (currency = settings.currency) => minor(currency);

  /** A percentage already counted in hundredths (names that end in `Pct`): 2.4 → `2,4 %`. */
  function percentValue(value: Maybe<number>, options: NumberOptions = {}): string {
    if (value == null || !Number.isFinite(value)) return NONE;
    const digits = options.digits ?? 1;
    return tidy(
      intl({
        style: "percent",
        maximumFractionDigits: digits,
        minimumFractionDigits: options.fixed ? digits : 0,
        ...sign(options.signed),
      }).format(value / 100),
    );
  }

  /** A ratio: 0.085 → `8,5 %`. */
  function percent(ratio: Maybe<number>, options: NumberOptions = {}): string {
    return percentValue(ratio == null ? null : ratio * 100, options);
  }

  /** A change of a score or of a rate, in points: `+1,8 pt`, `−10 pts`. */
  function points(value: Maybe<number>, options: NumberOptions = {}): string {
    if (value == null || !Number.isFinite(value)) return NONE;
    const text = number(value, { digits: 1, signed: true, ...options });
    const size = Math.abs(value);
    const plural = locale === "fr" ? size >= 2 : size !== 1;
    return `${text}${NBSP}${plural ? "pts" : "pt"}`;
  }

  /** Days are dates without a clock; instants are read in the workspace's time zone. */
  function parse(at: string | Date): { date: Date; zone: string } | null {
    const isDay = typeof at === "string" && DAY.test(at);
    const date = typeof at === "string" ? new Date(isDay ? `${at}T00:00:00Z` : at) : at;
    return Number.isNaN(date.getTime()) ? null : { date, zone: isDay ? "UTC" : timeZone };
  }

  function dateWith(at: Maybe<string | Date>, options: Intl.DateTimeFormatOptions): string {
    const parsed = at == null ? null : parse(at);
    if (!parsed) return NONE;
    const text = intlDate(tag, { ...options, timeZone: parsed.zone })
      .format(parsed.date)
      .replace(/\u202f/g, NBSP)
      .replace(/\bSept\b/, "Sep");
    // The first of a month is an ordinal in French, which Intl leaves out.
    return locale === "fr" ? text.replace(/(^|\s)1(?=\s\p{L})/u, "$11er") : text;
  }

  /** `23 nov. 2026` */
  const date = (at: Maybe<string | Date>) =>
    dateWith(at, { day: "numeric", month: "short", year: "numeric" });
  /** `lundi 23 novembre 2026` */
  const dateLong = (at: Maybe<string | Date>) =>
    dateWith(at, { weekday: "long", day: "numeric", month: "long", year: "numeric" }).replace(
      ",",
      "",
    );
  /** `23 nov.` */
  const dayMonth = (at: Maybe<string | Date>) => dateWith(at, { day: "numeric", month: "short" });
  /** `novembre 2026` */
  const month = (at: Maybe<string | Date>) => dateWith(at, { month: "long", year: "numeric" });
  /** `nov.` */
  const monthShort = (at: Maybe<string | Date>) => dateWith(at, { month: "short" });
  /** `novembre` */
  const monthName = (at: Maybe<string | Date>) => dateWith(at, { month: "long" });
  /** `11:42` */
  const time = (at: Maybe<string | Date>) =>
    dateWith(at, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  /** `23 nov. 2026, 11:42` */
  const dateTime = (at: Maybe<string | Date>) =>
    at == null || !parse(at) ? NONE : `${date(at)}, ${time(at)}`;

  /** The civil day of an instant in the workspace's time zone, as `YYYY-MM-DD`. */
  function dayOf(at: string | Date): string {
    return intlDate("en-CA", {
      timeZone,
      year: "numeric",
      month: "2-digit",
      day: "2-digit",
    }).format(typeof at === "string" ? new Date(at) : at);
  }

  /**
   * The instant of a day and a time of its clock (`11:42`) in the workspace's time zone. A time that
   * the clocks skip is read as the hour after it, one that they show twice as the second.
   */
  function instantOf(day: string, clockTime: string): Date | null {
    const wall = Date.parse(`${day}T${clockTime}:00Z`);
    // A year on its way to four digits has no day that can be written back.
    if (Number.isNaN(wall) || !/^(19|2\d)\d\d-/.test(day)) return null;
    const ahead = (at: number) => {
      const date = new Date(at);
      return Date.parse(`${dayOf(date)}T${time(date)}:00Z`) - Math.floor(at / MINUTE) * MINUTE;
    };
    return new Date(wall - ahead(wall - ahead(wall)));
  }

  /** Today in the workspace's time zone, as `YYYY-MM-DD`. */
  const today = () => dayOf(clock());

  const relativeFormat = new Intl.RelativeTimeFormat(locale, {
    numeric: "always",
    style: locale === "fr" ? "short" : "narrow",
  });

  /** `il y a 4 s`, `il y a 2 h`, then the date once a week has passed. */
  function relative(at: Maybe<string | Date>): string {
    const parsed = at == null ? null : parse(at);
    if (!parsed || at == null) return NONE;
    if (typeof at === "string" && DAY.test(at)) {
      const days = daysBetween(today(), at);
      if (Math.abs(days) >= 7) return date(at);
      return days === 0
        ? locale === "fr"
          ? "aujourd’hui"
          : "today"
        : tidy(relativeFormat.format(days, "day"));
    }
    const delta = parsed.date.getTime() - clock().getTime();
    const size = Math.abs(delta);
    if (size >= 7 * DAY_MS) return date(at);
    // Whatever has just happened is never said to lie in the future.
    const value = (unit: number) => Math.trunc(delta / unit);
    if (size < SECOND) return locale === "fr" ? "à l’instant" : "just now";
    if (size < MINUTE)
      return tidy(relativeFormat.format(-Math.round(size / SECOND) || -0, "second"));
    if (size < HOUR) return tidy(relativeFormat.format(value(MINUTE), "minute"));
    if (size < DAY_MS) return tidy(relativeFormat.format(value(HOUR), "hour"));
    return tidy(relativeFormat.format(value(DAY_MS), "day"));
  }

  /** Days left before a day: `J−21` / `21 days left`; after it: `J+3` / `3 days late`. */
  function daysLeft(day: Maybe<string>): string {
    if (!day || !parse(day)) return NONE;
    const days = daysBetween(today(), day.slice(0, 10));
    if (locale === "fr") return days === 0 ? "J" : days > 0 ? `J${MINUS}${days}` : `J+${-days}`;
    if (days === 0) return "today";
    const count = Math.abs(days);
    const unit = count === 1 ? "day" : "days";
    return days > 0 ? `${count}${NBSP}${unit} left` : `${count}${NBSP}${unit} late`;
  }

  return {
    locale,
    currency: settings.currency,
    timeZone,
    number,
    money,
    moneyCompact,
    moneyParts,
    currencySymbol,
    moneyScale,
    minorUnits,
    percent,
    percentValue,
    points,
    date,
    dateLong,
    dayMonth,
    month,
    monthShort,
    monthName,
    time,
    dateTime,
    dayOf,
    instantOf,
    today,
    relative,
    daysLeft,
  };
}

export type Format = ReturnType<typeof makeFormat>;

/** Whole days from one day to another (`YYYY-MM-DD`), negative when `to` is earlier. */
export function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / DAY_MS);
}

/** A day moved by some days, `YYYY-MM-DD`. */
export function addDays(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);
}

/** The day that lies some business days after another: Saturdays, Sundays and holidays do not count. */
export function addBusinessDays(
  day: string,
  count: number,
  holidays: ReadonlySet<string> = new Set(),
): string {
  let at = day;
  for (let left = count; left > 0; ) {
    at = addDays(at, 1);
    const weekday = new Date(`${at}T00:00:00Z`).getUTCDay();
    if (weekday !== 0 && weekday !== 6 && !holidays.has(at)) left -= 1;
  }
  return at;
}
