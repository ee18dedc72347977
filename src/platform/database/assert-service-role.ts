import type { DataSource } from 'typeorm';

/** The database role can do more than the service may; `message` says what to set instead. */
export class PrivilegedRoleError extends Error {
  override readonly name = 'PrivilegedRoleError';
}

/**
 * Append-only is a matter of privileges as well as triggers: an owner or superuser could drop the triggers.
 * @throws PrivilegedRoleError when the connected role is a superuser, or owns a table, or may become its owner.
 */
export async function assertServiceRole(dataSource: DataSource): Promise<void> {
  const rows: { role: string; superuser: boolean; owns: boolean; migrated: boolean }[] = await dataSource.query(`
    SELECT current_user AS role,
           (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) AS superuser,
           EXISTS (SELECT 1 FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                    WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND pg_has_role(current_user, c.relowner, 'MEMBER')) AS owns,
           to_regclass('public.statement') IS NOT NULL AS migrated`);
  const row = rows[0];
  if (!row) throw new PrivilegedRoleError('PostgreSQL did not say which role this is');
  if (!row.migrated) throw new PrivilegedRoleError('The database has no schema yet: run «zhengben migrate» with DATABASE_MIGRATION_URL set to the owner');
  if (row.superuser || row.owns) {
    throw new PrivilegedRoleError(
      `DATABASE_URL connects as «${row.role}», which ${row.superuser ? 'is a superuser' : 'owns tables'}; the service runs only as a role that may not change what is logged: use zhengben_service`,
    );
  }
}
