//! Files of clients: what is known of each. Their content lies in the data directory.

use crate::{Conn, Result, Tx, Workspace, all, all_as, one, one_as, vals};
use chrono::{DateTime, Utc};
use sea_orm::FromQueryResult;
use uuid::Uuid;

/// A file as stored, with the name of who brought it.
#[derive(Debug, Clone, FromQueryResult)]
#[allow(missing_docs, reason = "each field is the column of the same name")]
pub struct FileRow {
    pub id: Uuid,
    pub client_id: Uuid,
    pub name: String,
    pub size: i64,
    pub digest: Vec<u8>,
    pub uploaded_by: Option<Uuid>,
    pub uploaded_by_name: Option<String>,
    pub created_at: DateTime<Utc>,
}

pub(crate) const SELECT: &str = "SELECT f.id, f.client_id, f.name, f.size, f.digest, f.uploaded_by, \
    u.name AS uploaded_by_name, f.created_at FROM clients_files f LEFT JOIN identity_users u ON u.id = f.uploaded_by";

/// A client's files, the newest first.
pub async fn of_client(conn: &impl Conn, workspace: Workspace, client: Uuid) -> Result<Vec<FileRow>> {
    let sql = format!(
        "{SELECT} WHERE f.workspace_id = $1 AND f.client_id = $2 AND f.deleted_at IS NULL \
         ORDER BY f.created_at DESC, f.id DESC LIMIT 1000"
    );
    all_as(conn, &sql, vals![workspace.0, client]).await
}

/// One file that is there.
pub async fn get(conn: &impl Conn, workspace: Workspace, client: Uuid, id: Uuid) -> Result<Option<FileRow>> {
    let sql = format!("{SELECT} WHERE f.workspace_id = $1 AND f.client_id = $2 AND f.id = $3 AND f.deleted_at IS NULL");
    one_as(conn, &sql, vals![workspace.0, client, id]).await
}

/// One file, taken away or not.
pub async fn any(conn: &impl Conn, workspace: Workspace, client: Uuid, id: Uuid) -> Result<Option<FileRow>> {
    let sql = format!("{SELECT} WHERE f.workspace_id = $1 AND f.client_id = $2 AND f.id = $3");
    one_as(conn, &sql, vals![workspace.0, client, id]).await
}

/// What the files of a client take, those in the trash too.
pub async fn size_of(conn: &impl Conn, workspace: Workspace, client: Uuid) -> Result<i64> {
    let sql = "SELECT CAST(COALESCE(SUM(size), 0) AS BIGINT) AS size FROM clients_files \
        WHERE workspace_id = $1 AND client_id = $2";
    Ok(one(conn, sql, vals![workspace.0, client]).await?.map_or(Ok(0), |row| row.try_get("", "size"))?)
}

/// Stores a new file.
pub async fn insert(tx: &Tx, workspace: Workspace, file: &FileRow) -> Result<()> {
    tx.run(
        "INSERT INTO clients_files (id, workspace_id, client_id, name, size, digest, uploaded_by, created_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        vals![
            file.id,
            workspace.0,
            file.client_id,
            file.name.as_str(),
            file.size,
            file.digest.clone(),
            file.uploaded_by,
            file.created_at
        ],
    )
    .await?;
    Ok(())
}

/// Takes a file away, or gives it back. False when it already is so.
pub async fn set_deleted(tx: &Tx, workspace: Workspace, id: Uuid, deleted_at: Option<DateTime<Utc>>) -> Result<bool> {
    super::people::mark_deleted(tx, "clients_files", workspace, id, deleted_at).await
}

/// Forgets files that were taken away before an instant; their content is swept. Crosses workspaces: it is retention.
pub async fn purge(tx: &Tx, before: DateTime<Utc>) -> Result<u64> {
    tx.run("DELETE FROM clients_files WHERE deleted_at < $1", vals![before]).await
}

/// The ids of all files of a client, those in the trash too.
pub async fn ids_of(conn: &impl Conn, workspace: Workspace, client: Uuid) -> Result<Vec<Uuid>> {
    let sql = "SELECT id FROM clients_files WHERE workspace_id = $1 AND client_id = $2";
    all(conn, sql, vals![workspace.0, client]).await?.iter().map(|row| Ok(row.try_get("", "id")?)).collect()
}

/// Which of some ids are files of a workspace: the others' content belongs to nobody.
pub async fn known(conn: &impl Conn, workspace: Workspace, ids: &[Uuid]) -> Result<Vec<Uuid>> {
    let mut out = Vec::new();
    for chunk in ids.chunks(400) {
        let mut values = vals![workspace.0];
        values.extend(chunk.iter().map(|id| sea_orm::Value::from(*id)));
        let sql =
            format!("SELECT id FROM clients_files WHERE workspace_id = $1 AND id IN ({})", crate::list(2, chunk.len()));
        for row in all(conn, &sql, values).await? {
            out.push(row.try_get("", "id")?);
        }
    }
    Ok(out)
}
