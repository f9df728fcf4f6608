//! What each page for members shows: who asks, what the rules say, and the view of it. For the document at an address
//! (`web/document`), and for the app that goes there (`api/page`).

use crate::error::{AppError, AppResult};
use crate::model::page::{DocumentView, Page, PageView};
use crate::model::profile::{Cursor, INVITEES_PER_PAGE};
use crate::route;
use crate::server::clock::Timestamp;
use crate::server::data::{MemberId, NumberChange};
use crate::server::domain::invitation::{self, Invitation};
use crate::server::domain::{account, claim, devices, login, number, profile, progress};
use crate::server::http::session::{Asked, PendingLogin};
use crate::server::http::visit::Visit;
use crate::server::present;

/// The pages that need a login.
const OF_MEMBERS: [&str; 6] =
    [route::PROFILE, route::PROGRESS, route::DEVICES, route::ACCOUNT, route::NUMBER, route::CLAIM];

/// What there is at an address: a path, with a query or without.
pub async fn read(visit: &Visit, address: &str) -> Page {
    let (path, query) = address.split_once('?').unwrap_or((address, ""));
    let member = match visit.member().await {
        Ok(member) => Some(member),
        Err(AppError::LoginRequired) => None,
        Err(error) => return visit.page(address, Err(error)).await,
    };
    let outcome = match (path, member) {
        (route::HOME | route::LOGIN | route::LOGIN_CODE | route::OWNER, Some(_)) => return elsewhere(route::PROFILE),
        (route::HOME, None) => Ok(Page::Document(DocumentView::Start)),
        (route::LOGIN, None) => login_phone(visit, parameter(query, "next")).await,
        (route::LOGIN_CODE, None) => match visit.pending_login().await {
            Err(AppError::LoginFlowMissing) => return elsewhere(route::LOGIN),
            Ok(PendingLogin { asked: Some(_), .. }) => return elsewhere(route::OWNER),
            pending => login_code(visit, pending).await,
        },
        (route::OWNER, None) => match visit.pending_login().await {
            Ok(PendingLogin { asked: Some(asked), .. }) => owner(visit, asked).await,
            Ok(_) | Err(AppError::LoginFlowMissing) => return elsewhere(route::LOGIN),
            Err(error) => Err(error),
        },
        (route::PROFILE, Some(member)) => member_profile(visit, member, &parameter(query, "after")).await,
        (route::PROGRESS, Some(member)) => member_progress(visit, member).await,
        (route::OFFLINE, Some(member)) => offline(visit, member).await,
        (route::OFFLINE, None) => Ok(Page::Document(DocumentView::Offline(None))),
        (route::DEVICES, Some(member)) => member_devices(visit, member).await,
        (route::ACCOUNT, Some(member)) => member_account(visit, member).await,
        (route::NUMBER, Some(_)) => member_number(visit).await,
        (route::CLAIM, Some(member)) => claimable(visit, member).await,
        (path, None) if OF_MEMBERS.contains(&path) => Err(AppError::LoginRequired),
        (route::STYLEGUIDE, _) if !visit.ports.rules.is_public => Ok(Page::Document(DocumentView::Styleguide)),
        (path, member) if let Some(code) = route::invited_by(path) => invited(visit, code, member).await,
        _ if route::is_admin(path) => Ok(Page::OfAdmins),
        _ => Ok(Page::Document(DocumentView::NotFound)),
    };
    visit.page(address, outcome).await
}

fn elsewhere(path: &str) -> Page {
    Page::Elsewhere(path.to_owned())
}

fn parameter(query: &str, name: &str) -> String {
    let mut parameters = form_urlencoded::parse(query.as_bytes());
    parameters.find(|(key, _)| key == name).map(|(_, value)| value.into_owned()).unwrap_or_default()
}

async fn login_phone(visit: &Visit, next: String) -> AppResult<Page> {
    let unfinished = match visit.pending_login().await {
        Ok(pending) => login::flow(&visit.ports, pending.flow).await,
        Err(refused) => Err(refused),
    };
    let flash = visit.take_flash(route::LOGIN).await?;
    let countries = visit.countries(&flash.field(1));
    Ok(Page::OfApp(PageView::LoginPhone(present::login_phone(unfinished, next, flash, countries)?)))
}

async fn login_code(visit: &Visit, pending: AppResult<PendingLogin>) -> AppResult<Page> {
    let (ports, pending) = (&visit.ports, pending?);
    let flow = login::flow(ports, pending.flow).await?;
    let simulated = login::shown(ports, pending.flow).await?.map(|sms| sms.text);
    let flash = visit.take_flash(route::LOGIN_CODE).await?;
    Ok(Page::OfApp(PageView::LoginCode(present::login_code(&flow, simulated, ports.clock.now(), flash))))
}

/// What is behind the share link of a code.
async fn invited(visit: &Visit, code: &str, member: Option<MemberId>) -> AppResult<Page> {
    let read = invitation::read(&visit.ports, &visit.visitor, code, member).await?;
    if let Invitation::By(inviter) = &read {
        visit.open_link(inviter, member.is_some()).await;
    }
    let link = visit.address_of(&route::invitation(code));
    Ok(Page::Document(DocumentView::Invitation(present::invitation(&read, code, link, member.is_some()))))
}

/// `after` is the cursor of the page of invitees before, empty for the first page.
async fn member_profile(visit: &Visit, member: MemberId, after: &str) -> AppResult<Page> {
    let after = Cursor::parse(after);
    let read = profile::read(&visit.ports, member, after, INVITEES_PER_PAGE).await?;
    let offered = match visit.opened_link().filter(|_| read.activated.is_none()) {
        Some(opened) => invitation::offered(&visit.ports, opened, member).await?,
        None => None,
    };
    let link = visit.address_of(&route::invitation(read.member.invite_code.as_str()));
    let counts = invitation::counts(&visit.ports, member).await?;
    let sharing = present::Sharing { link, counts, offered };
    let flash = visit.take_flash(route::PROFILE).await?;
    Ok(Page::OfApp(PageView::Profile(Box::new(present::profile(
        &read,
        &visit.ports.rules,
        sharing,
        after.is_none(),
        flash,
    )))))
}

async fn member_progress(visit: &Visit, member: MemberId) -> AppResult<Page> {
    let read = progress::read(&visit.ports, member).await?;
    Ok(Page::Document(DocumentView::Progress(present::progress(&read, member))))
}

async fn offline(visit: &Visit, member: MemberId) -> AppResult<Page> {
    let code = profile::invite_code(&visit.ports, member).await?;
    let link = visit.address_of(&route::invitation(code.as_str()));
    Ok(Page::Document(DocumentView::Offline(present::offline(&code, link))))
}

async fn member_account(visit: &Visit, member: MemberId) -> AppResult<Page> {
    let sent = match visit.pending_login().await {
        Ok(pending) => account::sent_code(&visit.ports, member, pending.flow).await?,
        Err(AppError::LoginFlowMissing) => None,
        Err(error) => return Err(error),
    };
    let flash = visit.take_flash(route::ACCOUNT).await?;
    Ok(Page::Document(DocumentView::Account(present::account(sent, flash))))
}

async fn member_devices(visit: &Visit, member: MemberId) -> AppResult<Page> {
    let current = visit.login_id();
    let logins = devices::list(&visit.ports, member, current).await?;
    let flash = visit.take_flash(route::DEVICES).await?;
    Ok(Page::Document(DocumentView::Devices(present::devices(&logins, current, flash))))
}

async fn member_number(visit: &Visit) -> AppResult<Page> {
    let change = match visit.number_change().await {
        Ok((_, change)) => Some(change),
        Err(AppError::NumberChangeExpired) => None,
        Err(error) => return Err(error),
    };
    let step = number::step(&visit.ports, change).await?;
    let message = match change.and_then(NumberChange::flow) {
        Some(flow) => login::shown(&visit.ports, flow).await?.map(|sms| sms.text),
        None => None,
    };
    let flash = visit.take_flash(route::NUMBER).await?;
    let countries = visit.countries(&flash.field(1));
    Ok(Page::Document(DocumentView::Number(present::number(step, message, countries, flash))))
}

async fn owner(visit: &Visit, asked: Asked) -> AppResult<Page> {
    let flash = visit.take_flash(route::OWNER).await?;
    Ok(Page::Document(DocumentView::Owner(present::owner(Timestamp(asked.unused_since), flash))))
}

async fn claimable(visit: &Visit, member: MemberId) -> AppResult<Page> {
    let Some(offered) = claim::offered(&visit.ports, visit.visitor.device.as_ref(), member).await? else {
        return Ok(elsewhere(route::PROFILE));
    };
    let flash = visit.take_flash(route::CLAIM).await?;
    Ok(Page::Document(DocumentView::Claim(present::claim(offered, flash))))
}
