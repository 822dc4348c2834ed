//! Product usage as it arrives: Segment-compatible messages, checked one by one.

mod message;
mod traits;

pub use message::{Clock, Message, MessageKind, read_message};
pub use traits::{client_of_group, contact_of_user};
