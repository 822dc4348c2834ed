/** A fresh PostgreSQL database in the cluster that ESSOR_TEST_POSTGRES names. */
import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync, readdirSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

export const POSTGRES = process.env.ESSOR_TEST_POSTGRES;

function psql(): string {
  const root = "/usr/lib/postgresql";
  const versions = existsSync(root) ? readdirSync(root) : [];
  const newest = versions
    .sort((a, b) => Number(b) - Number(a))
    .map((version) => path.join(root, version, "bin/psql"))
    .find((file) => existsSync(file));
  return newest ?? "psql";
}

/** Makes a database and returns its URL, with what removes it. */
export async function freshDatabase(): Promise<{ url: string; drop: () => Promise<void> }> {
  if (!POSTGRES) throw new Error("ESSOR_TEST_POSTGRES is not set");
  const admin = POSTGRES;
  const name = `essor_e2e_${randomBytes(6).toString("hex")}`;
  const sql = (text: string) =>
    run(psql(), ["-X", "-q", "-v", "ON_ERROR_STOP=1", admin, "-c", text]);
  await sql(`create database ${name}`);
  const url = new URL(admin);
  url.pathname = `/${name}`;
  return {
    url: url.href,
    drop: async () => {
      await sql(`drop database if exists ${name} with (force)`);
    },
  };
}
