//! Tables of lists. On a narrow screen the style sheet shows each row as a card, with the names of the columns before the
//! values; browsers then forget that it is a table, so the roles say it.

use crate::components::plain::erased;
use leptos::prelude::*;

/// A column.
pub struct Column {
    pub name: &'static str,
    /// How the list is ordered by it now, as `aria-sort` wants it.
    pub sorted: Option<&'static str>,
    /// The address of the list in the order that a click on the name asks for.
    pub order: Option<String>,
}

impl Column {
    pub fn named(name: &'static str) -> Self {
        Self { name, sorted: None, order: None }
    }
}

/// `rows` are made of [`row`].
pub fn table(label: &'static str, columns: Vec<Column>, rows: Vec<AnyView>) -> AnyView {
    let heads = columns.into_iter().map(|Column { name, sorted, order }| {
        let name = match order {
            Some(to) => erased(view! { <a href=to>{name}</a> }),
            None => erased(name),
        };
        view! { <th scope="col" role="columnheader" aria-sort=sorted>{name}</th> }
    });
    let heads = heads.collect_view();
    erased(view! {
        <table class="list" role="table" aria-label=label>
            <thead role="rowgroup"><tr role="row">{heads}</tr></thead>
            <tbody role="rowgroup">{rows}</tbody>
        </table>
    })
}

/// A row of cells, whose first names it.
pub fn row(head: AnyView, cells: Vec<AnyView>, test_id: &'static str) -> AnyView {
    erased(view! { <tr role="row" data-testid=test_id><th scope="row" role="rowheader">{head}</th>{cells}</tr> })
}

/// A value that says enough without the name of its column.
pub fn cell(value: AnyView) -> AnyView {
    erased(view! { <td role="cell">{value}</td> })
}

/// A value before which a card writes the name of its column.
pub fn labelled(label: &'static str, value: AnyView) -> AnyView {
    erased(view! { <td role="cell" data-label=label>{value}</td> })
}
