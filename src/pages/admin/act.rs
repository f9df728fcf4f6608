//! `/admin/members/17/block` and so on: explains an act on a member, and asks for the reason.

use super::data::{content, page_data, refusal, sentence};
use super::parts::id_in_address;
use crate::api::admin::members::{Repair, act};
use crate::components::field::Field;
use crate::components::form::SubmitButton;
use crate::error::AppError;
use crate::model::admin::{ActView, Refusal, RepairKind};
use crate::route;
use crate::words::{self, Sentence};
use leptos::form::ActionForm;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::{use_params_map, use_query_map};

#[component]
pub fn Act() -> impl IntoView {
    let params = use_params_map();
    let id = id_in_address(params);
    let kind = Memo::new(move |_| params.read().get("act").unwrap_or_default());
    let data = page_data(move || (id.get(), kind.get()), |(id, kind)| act(id, kind));
    let content = move || {
        let kind = kind.get().parse().ok();
        Suspend::new(content(data, move |view| kind.map(|kind| view! { <ActForm view kind /> })))
    };
    view! {
        <Title text=words::admin().act_title />
        <Transition>{content}</Transition>
    }
}

#[component]
fn ActForm(view: ActView, kind: RepairKind) -> impl IntoView {
    let words = words::admin();
    let repair = ServerAction::<Repair>::new();
    let ActView { flash, row, activated } = view;
    let [typed_code, typed_reason] = [0, 1].map(|number| flash.field(number));
    let error = refusal(repair, flash.refused);
    let query = use_query_map();
    let code = (kind == RepairKind::Attach).then(|| {
        let from_address = query.read_untracked().get("code").unwrap_or_default();
        let typed = if typed_code.is_empty() { from_address } else { typed_code };
        let error = Signal::derive(move || error.get().filter(is_about_code).as_ref().map(about_code));
        view! {
            <Field
                name="invite_code"
                label=words.attach_code_label
                hint=words.attach_code_hint.to_owned()
                autocapitalize="characters"
                typed
                error
            />
        }
    });
    let has_code = code.is_some();
    let about_reason = Signal::derive(move || error.get().filter(|refused| !(has_code && is_about_code(refused))));
    let (heading, text, button) = wording(kind, activated);
    let class = if matches!(kind, RepairKind::Erase | RepairKind::Block | RepairKind::GiveNumberBack) {
        "primary grave"
    } else {
        "primary"
    };
    view! {
        <section class="card narrow">
            <h1>{heading}</h1>
            <p>
                <a href=route::member(row.id)>
                    <span class="phone">{row.name}</span>
                </a>
                " " <span class="code">{row.invite_code}</span>
            </p>
            <p>{text}</p>
            <ActionForm action=repair>
                <input type="hidden" name="id" value=row.id.to_string() />
                <input type="hidden" name="act" value=kind.into_str() />
                {code}
                <Field
                    name="reason"
                    label=words.reason
                    hint=words.act_reason_hint.to_owned()
                    typed=typed_reason
                    error=sentence(about_reason)
                />
                <SubmitButton label=button busy_label=words::member().one_moment pending=repair.pending() class />
            </ActionForm>
            <p class="aside">
                <a href=route::member(row.id)>{words.cancel}</a>
            </p>
        </section>
    }
}

fn is_about_code(refused: &Refusal) -> bool {
    matches!(
        refused,
        Refusal::App(
            AppError::InviteCodeMissing
                | AppError::InviteCodeTooLong
                | AppError::InviteCodeUnknown
                | AppError::InviteCodeOwn
                | AppError::InviteCodeOfInvitee
                | AppError::AlreadyRedeemed { .. }
        )
    )
}

/// The sentence for an admin; those for members address the member as "you".
fn about_code(refused: &Refusal) -> String {
    let words = words::admin();
    match refused {
        Refusal::App(AppError::InviteCodeOwn) => words.code_of_the_member.to_owned(),
        Refusal::App(AppError::InviteCodeOfInvitee) => words.code_of_their_invitee.to_owned(),
        Refusal::App(AppError::AlreadyRedeemed { code }) => words.already_redeemed(code),
        other => other.sentence(),
    }
}

/// The heading, the explanation and the label of the button.
fn wording(kind: RepairKind, activated: Option<String>) -> (&'static str, String, &'static str) {
    let words = words::admin();
    let (heading, text, button) = match kind {
        RepairKind::Block => (words.block_heading, words.block_text, words.block),
        RepairKind::Unblock => (words.unblock_heading, words.unblock_text, words.unblock),
        RepairKind::Attach => (words.attach_heading, words.attach_text, words.attach),
        RepairKind::Detach => {
            let text = activated.map_or_else(|| words.no_redemption.to_owned(), |code| words.detach_text(&code));
            return (words.detach_heading, text, words.detach);
        }
        RepairKind::ReplaceInviteCode => (words.replace_heading, words.replace_text, words.give_new_code),
        RepairKind::LogOutEverywhere => (words.log_out_heading, words.log_out_text, words.log_out_everywhere),
        RepairKind::AllowLogins => (words.allow_heading, words.allow_text, words.allow_logins),
        RepairKind::GiveNumberBack => (words.give_back_heading, words.give_back_text, words.give_number_back),
        RepairKind::Erase => (words.erase_heading, words.erase_text, words.erase_button),
    };
    (heading, text.to_owned(), button)
}
