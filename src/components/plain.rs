//! Views whose type ends here, so that nothing around them is compiled once more for each.
//!
//! Leptos erases types itself, and compiles for each erased view a second way to hydrate it, for pages whose code is loaded
//! piece by piece. There are none here; in the wasm that is a seventh of the code.

use leptos::attr::Attribute;
use leptos::attr::any_attribute::AnyAttribute;
use leptos::prelude::*;
use leptos::tachys::hydration::Cursor;
use leptos::tachys::view::{Position, PositionState};

/// Erases the type of a view.
pub fn erased<V: RenderHtml + 'static>(view: V) -> AnyView {
    Plain(view).into_any()
}

/// A view that is hydrated in one piece: everything is that of the view, but for the default of `hydrate_async`.
struct Plain<V>(V);

impl<V: Render> Render for Plain<V> {
    type State = V::State;

    fn build(self) -> Self::State {
        self.0.build()
    }

    fn rebuild(self, state: &mut Self::State) {
        self.0.rebuild(state);
    }
}

impl<V: RenderHtml> AddAnyAttr for Plain<V> {
    type Output<NewAttribute: Attribute> = Plain<V::Output<NewAttribute>>;

    fn add_any_attr<NewAttribute: Attribute>(self, attribute: NewAttribute) -> Self::Output<NewAttribute> {
        Plain(self.0.add_any_attr(attribute))
    }
}

impl<V: RenderHtml> RenderHtml for Plain<V> {
    type AsyncOutput = V::AsyncOutput;
    type Owned = Plain<V::Owned>;

    const MIN_LENGTH: usize = V::MIN_LENGTH;
    const EXISTS: bool = V::EXISTS;

    fn dry_resolve(&mut self) {
        self.0.dry_resolve();
    }

    fn resolve(self) -> impl Future<Output = Self::AsyncOutput> + Send {
        self.0.resolve()
    }

    fn html_len(&self) -> usize {
        self.0.html_len()
    }

    fn to_html_with_buf(
        self,
        buffer: &mut String,
        position: &mut Position,
        escape: bool,
        mark_branches: bool,
        extra_attributes: Vec<AnyAttribute>,
    ) {
        self.0.to_html_with_buf(buffer, position, escape, mark_branches, extra_attributes);
    }

    fn hydrate<const FROM_SERVER: bool>(self, cursor: &Cursor, position: &PositionState) -> Self::State {
        self.0.hydrate::<FROM_SERVER>(cursor, position)
    }

    fn into_owned(self) -> Self::Owned {
        Plain(self.0.into_owned())
    }
}
