pub use super::en::*;
