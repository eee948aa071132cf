//! OpenID Connect: the authorisation code flow with PKCE and a nonce, and nothing else of it.
//!
//! Knows `openidconnect`, and nobody else does. Asks through the same door as all that goes out.

mod claims;
mod door;
mod known;
mod told;

use std::sync::Arc;

use async_trait::async_trait;
use commonweal_domain::Clock;
use commonweal_ports::{Identity, IdentityError, IdentityProvider, SignInBegun, Unproven, WebClient};
use openidconnect::core::{
    CoreAuthDisplay, CoreAuthPrompt, CoreClientAuthMethod, CoreErrorResponseType, CoreGenderClaim, CoreJsonWebKey,
    CoreJweContentEncryptionAlgorithm, CoreJwsSigningAlgorithm, CoreResponseType, CoreRevocableToken,
    CoreRevocationErrorResponse, CoreTokenIntrospectionResponse, CoreTokenType,
};
use openidconnect::{
    AuthType, AuthenticationFlow, AuthorizationCode, ClaimsVerificationError, Client, ClientId, ClientSecret,
    CsrfToken, EmptyExtraTokenFields, EndpointMaybeSet, EndpointNotSet, EndpointSet, IdToken, IdTokenClaims,
    IdTokenFields, LogoutRequest, Nonce, OAuth2TokenResponse, PkceCodeChallenge, PkceCodeVerifier,
    PostLogoutRedirectUrl, ProviderMetadataWithLogout, RedirectUrl, Scope, SignatureVerificationError,
    StandardErrorResponse, StandardTokenResponse, TokenResponse, UserInfoClaims,
};

use claims::Claims;
use door::Door;
use known::Known;

/// With what a proof may be signed: keys of which only the service has the secret half. Neither `none`, nor a MAC with
/// our own secret, whatever the service says that it can.
const SIGNATURES: [CoreJwsSigningAlgorithm; 9] = [
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha384,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha512,
    CoreJwsSigningAlgorithm::RsaSsaPssSha256,
    CoreJwsSigningAlgorithm::RsaSsaPssSha384,
    CoreJwsSigningAlgorithm::RsaSsaPssSha512,
    CoreJwsSigningAlgorithm::EcdsaP256Sha256,
    CoreJwsSigningAlgorithm::EcdsaP384Sha384,
    CoreJwsSigningAlgorithm::EdDsa,
];

type Fields = IdTokenFields<
    Claims,
    EmptyExtraTokenFields,
    CoreGenderClaim,
    CoreJweContentEncryptionAlgorithm,
    CoreJwsSigningAlgorithm,
>;
type Tokens = StandardTokenResponse<Fields, CoreTokenType>;
type Proof = IdToken<Claims, CoreGenderClaim, CoreJweContentEncryptionAlgorithm, CoreJwsSigningAlgorithm>;
type ProofClaims = IdTokenClaims<Claims, CoreGenderClaim>;

type OidcClient = Client<
    Claims,
    CoreAuthDisplay,
    CoreGenderClaim,
    CoreJweContentEncryptionAlgorithm,
    CoreJsonWebKey,
    CoreAuthPrompt,
    StandardErrorResponse<CoreErrorResponseType>,
    Tokens,
    CoreTokenIntrospectionResponse,
    CoreRevocableToken,
    CoreRevocationErrorResponse,
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointMaybeSet,
    EndpointMaybeSet,
>;

/// How the service is asked.
#[derive(Clone)]
pub struct Options {
    /// The service, as it names itself: `https://login.example.org`.
    pub issuer: String,
    /// What people call it.
    pub name: String,
    /// As what we are known there.
    pub client_id: String,
    /// Our secret there; none for a public client.
    pub client_secret: Option<String>,
    /// What is asked for beside `openid`.
    pub scopes: Vec<String>,
    /// The claim that names groups.
    pub groups_claim: String,
    /// The claim that says whether the service vouches for the email address.
    pub email_verified_claim: String,
}

/// A service that speaks OpenID Connect.
pub struct Oidc {
    options: Options,
    door: Door,
    clock: Arc<dyn Clock>,
    known: Known,
}

impl Oidc {
    /// A service; nothing is asked of it yet.
    pub fn new(options: Options, web: Arc<dyn WebClient>, clock: Arc<dyn Clock>) -> Self {
        Self { options, door: Door::new(web), clock, known: Known::default() }
    }

    /// What the service says of itself; asked anew if what is known is `stale`.
    async fn metadata(
        &self,
        stale: Option<&Arc<ProviderMetadataWithLogout>>,
    ) -> Result<Arc<ProviderMetadataWithLogout>, IdentityError> {
        self.known.metadata(&self.options.issuer, &self.door, self.clock.now(), stale).await
    }

    fn client(&self, metadata: &ProviderMetadataWithLogout, back: &str) -> Result<OidcClient, IdentityError> {
        let back = RedirectUrl::new(back.to_owned()).map_err(|e| told::unreachable(&e))?;
        let id = ClientId::new(self.options.client_id.clone());
        let secret = self.options.client_secret.clone().map(ClientSecret::new);
        let client = Client::from_provider_metadata(metadata.clone(), id, secret).set_redirect_uri(back);
        // The secret goes into a header, as every service has to take it, but for one that says it takes it otherwise alone.
        let otherwise = metadata.token_endpoint_auth_methods_supported().is_some_and(|all| {
            !all.contains(&CoreClientAuthMethod::ClientSecretBasic)
                && all.contains(&CoreClientAuthMethod::ClientSecretPost)
        });
        Ok(if otherwise { client.set_auth_type(AuthType::RequestBody) } else { client })
    }

    /// What the proof says, if it is one (OpenID Connect Core 1.0, 3.1.3.7).
    fn proven<'a>(
        &self,
        client: &OidcClient,
        proof: &'a Proof,
        nonce: &Nonce,
    ) -> Result<&'a ProofClaims, ClaimsVerificationError> {
        let now = self.clock.now();
        let verifier = client.id_token_verifier().set_allowed_algs(SIGNATURES).set_time_fn(move || now);
        let claims = proof.claims(&verifier, nonce)?;
        match claims.authorized_party() {
            // The library leaves this one to us.
            Some(party) if party.as_str() != self.options.client_id => {
                Err(ClaimsVerificationError::InvalidAudience("it was handed out to another party".to_owned()))
            }
            _ => Ok(claims),
        }
    }

    /// The same with the keys that the service has now, if those that are known do not fit: it may have changed them.
    async fn proven_by_some_key<'a>(
        &self,
        (client, metadata, back): (&OidcClient, &Arc<ProviderMetadataWithLogout>, &str),
        proof: &'a Proof,
        nonce: &Nonce,
    ) -> Result<&'a ProofClaims, IdentityError> {
        match self.proven(client, proof, nonce) {
            Err(ClaimsVerificationError::SignatureVerification(
                SignatureVerificationError::NoMatchingKey | SignatureVerificationError::CryptoError(_),
            )) => {
                let newer = self.metadata(Some(metadata)).await?;
                self.proven(&self.client(&newer, back)?, proof, nonce).map_err(|e| told::unproven(&e))
            }
            other => other.map_err(|e| told::unproven(&e)),
        }
    }

    fn email<'a>(&self, email: Option<&'a str>, verified: Option<bool>, claims: &Claims) -> Option<&'a str> {
        let vouched = match self.options.email_verified_claim.as_str() {
            "email_verified" => verified == Some(true),
            other => claims.says_yes(other),
        };
        email.filter(|_| vouched)
    }
}

#[async_trait]
impl IdentityProvider for Oidc {
    fn name(&self) -> &str {
        &self.options.name
    }

    fn issuer(&self) -> &str {
        &self.options.issuer
    }

    async fn begin(&self, back: &str) -> Result<SignInBegun, IdentityError> {
        let metadata = self.metadata(None).await?;
        let client = self.client(&metadata, back)?;
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let flow = AuthenticationFlow::<CoreResponseType>::AuthorizationCode;
        let mut asked =
            client.authorize_url(flow, CsrfToken::new_random, Nonce::new_random).set_pkce_challenge(challenge);
        for scope in &self.options.scopes {
            asked = asked.add_scope(Scope::new(scope.clone()));
        }
        let (address, state, nonce) = asked.url();
        Ok(SignInBegun {
            address: address.to_string(),
            state: state.secret().clone(),
            nonce: nonce.secret().clone(),
            verifier: verifier.secret().clone(),
        })
    }

    async fn end(&self, back: &str, code: &str, begun: &SignInBegun) -> Result<Identity, IdentityError> {
        let metadata = self.metadata(None).await?;
        let client = self.client(&metadata, back)?;
        let tokens = client
            .exchange_code(AuthorizationCode::new(code.to_owned()))
            .map_err(|e| told::unreachable(&e))?
            .set_pkce_verifier(PkceCodeVerifier::new(begun.verifier.clone()))
            .request_async(&self.door)
            .await
            .map_err(told::no_tokens)?;
        let missing = || IdentityError::Unproven { why: Unproven::Missing, told: "no ID token".to_owned() };
        let proof = tokens.id_token().ok_or_else(missing)?;
        let nonce = Nonce::new(begun.nonce.clone());
        let claims = self.proven_by_some_key((&client, &metadata, back), proof, &nonce).await?;
        let more = claims.additional_claims();
        let email = claims.email().map(|email| email.as_str());
        let mut identity = Identity {
            issuer: claims.issuer().to_string(),
            subject: claims.subject().to_string(),
            email: self.email(email, claims.email_verified(), more).map(str::to_owned),
            name: claims.name().and_then(|name| name.get(None)).map(|name| name.to_string()),
            groups: more.texts(&self.options.groups_claim),
        };
        // Many services say more only when they are asked for it (OpenID Connect Core 1.0, 5.3).
        let complete = identity.email.is_some() && identity.name.is_some() && !identity.groups.is_empty();
        if !complete && let Ok(asked) = client.user_info(tokens.access_token().clone(), Some(claims.subject().clone()))
        {
            let said: UserInfoClaims<Claims, CoreGenderClaim> =
                asked.request_async(&self.door).await.map_err(told::no_more)?;
            let more = said.additional_claims();
            if identity.email.is_none() {
                let email = said.email().map(|email| email.as_str());
                identity.email = self.email(email, said.email_verified(), more).map(str::to_owned);
            }
            if identity.name.is_none() {
                identity.name = said.name().and_then(|name| name.get(None)).map(|name| name.to_string());
            }
            if identity.groups.is_empty() {
                identity.groups = more.texts(&self.options.groups_claim);
            }
        }
        Ok(identity)
    }

    async fn sign_out(&self, back: &str) -> Option<String> {
        let metadata = self.metadata(None).await.ok()?;
        let place = metadata.additional_metadata().end_session_endpoint.clone()?;
        let back = PostLogoutRedirectUrl::new(back.to_owned()).ok()?;
        let request = LogoutRequest::from(place)
            .set_client_id(ClientId::new(self.options.client_id.clone()))
            .set_post_logout_redirect_uri(back);
        Some(request.http_get_url().to_string())
    }
}
