//! The settings that the rules need, apart from those of the server around them.

use super::{
    Brand, Countries, InviteePhones, Milestone, Numbers, Region, Settings, SettingsError, SmsText, Strictness, Switch,
    TestPhone, WebhookUrl,
};
use crate::server::limits::Limits;

#[derive(Clone, Debug)]
pub struct Rules {
    /// The country assumed for a number typed without a country code (`VOUCH_PHONE_REGION`).
    pub region: Region,
    /// The countries to which messages are sent (`VOUCH_SMS_COUNTRIES`).
    pub countries: Countries,
    /// The kinds of numbers to which messages are sent (`VOUCH_SMS_NUMBERS`).
    pub numbers: Numbers,
    pub test_phones: Vec<TestPhone>,
    pub sms_text: SmsText,
    /// How members see the numbers of their invitees (`VOUCH_INVITEE_PHONES`).
    pub invitee_phones: InviteePhones,
    /// In the order of their numbers (`VOUCH_MILESTONES`).
    pub milestones: Vec<Milestone>,
    /// Whether there is a board (`VOUCH_BOARD`).
    pub board: Switch,
    pub brand: Brand,
    /// Whether people on other machines are meant to reach the server.
    pub is_public: bool,
    /// Whether messages are simulated on a public address.
    pub is_simulated_in_public: bool,
    /// The endpoints that are told what happens (`VOUCH_WEBHOOKS`).
    pub webhooks: Vec<WebhookUrl>,
    pub limits: Limits,
}

impl Settings {
    /// # Errors
    /// Those of [`Self::sms_text`].
    pub fn rules(&self) -> Result<Rules, SettingsError> {
        let limits = match self.limits {
            Strictness::Production => self.numbers.clone(),
            Strictness::Relaxed => self.numbers.clone().relaxed(),
        };
        Ok(Rules {
            region: self.phone_region,
            countries: self.sms_countries.clone(),
            numbers: self.sms_numbers,
            test_phones: self.test_phones.clone(),
            sms_text: self.sms_text()?,
            invitee_phones: self.invitee_phones,
            milestones: self.milestones(),
            board: self.board,
            brand: Brand {
                colors: self.colors,
                logo: self.logo.clone(),
                terms: self.terms_url.clone(),
                privacy: self.privacy_url.clone(),
            },
            is_public: self.is_public(),
            is_simulated_in_public: self.is_simulated_in_public(),
            webhooks: self.webhooks.clone(),
            limits,
        })
    }

    /// In the order of their numbers.
    fn milestones(&self) -> Vec<Milestone> {
        let mut milestones = self.milestones.clone();
        milestones.sort_by_key(|milestone| milestone.invitees);
        milestones
    }
}
