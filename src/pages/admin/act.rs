//! `/admin/members/17/block` and its like: what an act means, its reason, and the button that does it.

use super::id_in_address;
use crate::api::admin::members::{Repair, act};
use crate::app::route;
use crate::components::field::Field;
use crate::components::form::{SubmitButton, refusal};
use crate::error::AppError;
use crate::model::admin::{ActView, RepairKind, TypedAct};
use crate::pages::{content, page_data};
use leptos::form::ActionForm;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::{use_params_map, use_query_map};

/// Asks for the reason, and for the button to be pressed.
#[component]
pub fn Act() -> impl IntoView {
    let params = use_params_map();
    let id = id_in_address(params);
    let kind = Memo::new(move |_| params.read().get("act").unwrap_or_default());
    let data = page_data(move || (id.get(), kind.get()), |(id, kind)| act(id, kind));
    let content = move || {
        let kind = RepairKind::parse(&kind.get());
        Suspend::new(content(data, move |view| kind.map(|kind| view! { <ActForm view kind /> })))
    };
    view! {
        <Title text="Repair" />
        <Transition>{content}</Transition>
    }
}

#[component]
fn ActForm(view: ActView, kind: RepairKind) -> impl IntoView {
    let repair = ServerAction::<Repair>::new();
    let ActView { flash, row, activated } = view;
    let typed = TypedAct::split(&flash.typed);
    let error = refusal(repair, flash.refused);
    let query = use_query_map();
    let code = (kind == RepairKind::Attach).then(|| {
        let from_address = query.read_untracked().get("code").unwrap_or_default();
        let typed = if typed.invite_code.is_empty() { from_address } else { typed.invite_code.clone() };
        let error = Signal::derive(move || error.get().filter(is_about_code).map(of_the_member));
        view! {
            <Field
                name="invite_code"
                label="Invite code or phone of the inviter"
                hint="Of the codes the present one, or one they had before.".to_owned()
                autocapitalize="characters"
                typed
                error
            />
        }
    });
    let has_code = code.is_some();
    let about_reason = Signal::derive(move || error.get().filter(|error| !(has_code && is_about_code(error))));
    let (title, text, button) = words(kind, activated);
    let class = if matches!(kind, RepairKind::Erase | RepairKind::Block) { "primary grave" } else { "primary" };
    view! {
        <section class="card narrow">
            <h1>{title}</h1>
            <p>
                <a href=route::member(row.id)>
                    <span class="phone">{row.name}</span>
                </a>
                " " <span class="code">{row.invite_code}</span>
            </p>
            <p>{text}</p>
            <ActionForm action=repair>
                <input type="hidden" name="id" value=row.id.to_string() />
                <input type="hidden" name="act" value=kind.as_str() />
                {code}
                <Field
                    name="reason"
                    label="Reason"
                    hint="It stands in the audit log for good. Name no phone numbers: members can be erased, it cannot."
                        .to_owned()
                    typed=typed.reason
                    error=about_reason
                />
                <SubmitButton label=button busy_label="One moment…" pending=repair.pending() class />
            </ActionForm>
            <p class="aside">
                <a href=route::member(row.id)>"Do nothing"</a>
            </p>
        </section>
    }
}

fn is_about_code(error: &AppError) -> bool {
    matches!(
        error,
        AppError::InviteCodeMissing
            | AppError::InviteCodeTooLong
            | AppError::InviteCodeUnknown
            | AppError::InviteCodeOwn
            | AppError::InviteCodeOfInvitee
            | AppError::AlreadyRedeemed { .. }
    )
}

/// The same in words for an admin, where those for members say "you".
fn of_the_member(error: AppError) -> AppError {
    AppError::Told(match error {
        AppError::InviteCodeOwn => "This is the member's own. Enter that of the person who brought them in.".to_owned(),
        AppError::InviteCodeOfInvitee => {
            "Its owner joined through this member, so it cannot have brought them here.".to_owned()
        }
        AppError::AlreadyRedeemed { code } => {
            format!("This member has activated the code {code}. Detach that first, on their page.")
        }
        other => return other,
    })
}

/// The title, what will happen, and the button.
fn words(kind: RepairKind, activated: Option<String>) -> (&'static str, String, &'static str) {
    match kind {
        RepairKind::Block => (
            "Block this member?",
            "Their sessions and tokens end at once, they cannot log in again, and their code cannot be activated. What \
             they and others have redeemed stays."
                .to_owned(),
            "Block",
        ),
        RepairKind::Unblock => {
            ("Unblock this member?", "They can log in again, and their code can be activated.".to_owned(), "Unblock")
        }
        RepairKind::Attach => (
            "Attach to an inviter?",
            "This counts as if the member had activated the code now, also if its owner is blocked.".to_owned(),
            "Attach",
        ),
        RepairKind::Detach => (
            "Detach from the inviter?",
            match activated {
                Some(code) => format!("The activation of {code} is undone; the member can activate a code again."),
                None => "This member has not activated any code.".to_owned(),
            },
            "Detach",
        ),
        RepairKind::ReplaceInviteCode => (
            "Give a new invite code?",
            "The present code stops working at once, and nobody gets it again. Those who came with it stay.".to_owned(),
            "Give a new code",
        ),
        RepairKind::LogOutEverywhere => (
            "Log out everywhere?",
            "All sessions and tokens end, and their devices count as unknown at the next login.".to_owned(),
            "Log out everywhere",
        ),
        RepairKind::Erase => (
            "Erase this member?",
            "The phone, the sessions, the devices and the tries are deleted and cannot be brought back. A nameless rest \
             stays, so that the numbers of others stay right. Whoever logs in with this phone later is a new member."
                .to_owned(),
            "Erase for good",
        ),
    }
}
