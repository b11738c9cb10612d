//! `trust/allowed_signers`: what is accepted, and each way of being refused with its line and its bytes.

use jiff::Timestamp;
use ssh_key::{
    PublicKey,
    private::Ed25519Keypair,
    public::{Ed25519PublicKey, KeyData},
};
use taskclass_spec::{
    Digest,
    signers::{AllowedSigners, KeyFingerprint, Namespace, Reading, SignersError},
};

const ALICE: &str = "alice@acme.com";
const BOB: &str = "bob@acme.com";
const OPTIONS: &str = "namespaces=\"approval@taskclass,revocation@taskclass\"";

/// A person's public key; the same person always has the same one.
fn key(person: &str) -> KeyData {
    let pair = Ed25519Keypair::from_seed(Digest::of(person.as_bytes()).bytes());
    KeyData::Ed25519(Ed25519PublicKey(pair.public.0))
}

/// The same as OpenSSH writes it.
fn openssh(person: &str) -> String {
    PublicKey::from(key(person)).to_openssh().unwrap().trim_end().to_owned()
}

fn line(person: &str, options: &str) -> String {
    format!("{person} {options} {}\n", openssh(person))
}

fn signers(text: &str) -> AllowedSigners {
    AllowedSigners::parse(text.as_bytes()).unwrap_or_else(|error| panic!("{error}"))
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn problems(text: &str) -> SignersError {
    AllowedSigners::parse(text.as_bytes()).expect_err(text)
}

#[test]
fn a_file_as_people_write_it() {
    let text = format!(
        "# people\n\n{}  # a second key for Alice\n{ALICE}\tvalid-after=\"20260101Z\",NAMESPACES=\"approval@taskclass\",valid-before=\"202701010130Z\" {} Alice's new laptop\n",
        line(ALICE, OPTIONS).trim_end(),
        openssh("alice's new laptop")
    );
    let signers = signers(&text);
    let [first, second] = signers.signers() else { panic!("two lines") };
    assert_eq!((first.line(), second.line()), (3, 4));
    assert_eq!(first.namespaces(), [Namespace::Approval, Namespace::Revocation]);
    assert_eq!(second.namespaces(), [Namespace::Approval]);
    assert_eq!(second.valid_after(), Some(at("2026-01-01T00:00:00Z")));
    assert_eq!(second.valid_before(), Some(at("2027-01-01T01:30:00Z")));
    assert!(second.is_valid_at(at("2027-01-01T01:30:00Z")) && !second.is_valid_at(at("2027-01-01T01:30:01Z")));
    assert!(!second.is_valid_at(at("2025-12-31T23:59:59Z")));
    assert_eq!(signers.of(&ALICE.parse().unwrap()).count(), 2);
    assert_eq!(signers.by_key(&key(ALICE)), Some(first));
    assert_eq!(signers.by_key(&key(BOB)), None);
}

#[test]
fn each_problem_has_its_words_and_its_bytes() {
    let alice = openssh(ALICE);
    let rsa = include_str!("fixtures/rsa.pub").trim();
    let p384 = include_str!("fixtures/p384.pub").trim();
    let other_type = alice.replacen("ssh-ed25519", "ecdsa-sha2-nistp256", 1);
    let cases: &[(String, &str, &str)] = &[
        (format!("*@acme.com {OPTIONS} {alice}"), "*@acme.com", "is a pattern"),
        (format!("!{ALICE} {OPTIONS} {alice}"), "!alice@acme.com", "is a pattern"),
        (format!("alic?@acme.com {OPTIONS} {alice}"), "alic?@acme.com", "is a pattern"),
        (format!("{ALICE},{BOB} {OPTIONS} {alice}"), "alice@acme.com,bob@acme.com", "several names for one key"),
        (format!("alice {OPTIONS} {alice}"), "alice", "is not a signer's name"),
        (format!("\"{ALICE}\" {OPTIONS} {alice}"), "\"alice@acme.com\"", "is not a signer's name"),
        (format!("аlice@acme.com {OPTIONS} {alice}"), "аlice@acme.com", "is not a signer's name"),
        (format!("{ALICE} {alice}"), ALICE, "no namespaces="),
        (format!("{ALICE} valid-after=\"20260101Z\" {alice}"), ALICE, "no namespaces="),
        (format!("{ALICE} cert-authority,{OPTIONS} {alice}"), "cert-authority", "would let an authority"),
        (format!("{ALICE} no-touch-required,{OPTIONS} {alice}"), "no-touch-required", "is not an option"),
        (format!("{ALICE} namespaces=\"*\" {alice}"), "namespaces=\"*\"", "is not a namespace of taskclass"),
        (
            format!("{ALICE} namespaces=\"aproval@taskclass\" {alice}"),
            "namespaces=\"aproval@taskclass\"",
            "is not a namespace",
        ),
        (
            format!("{ALICE} namespaces=\"file,approval@taskclass\" {alice}"),
            "namespaces=\"file,approval@taskclass\"",
            "`file`",
        ),
        (format!("{ALICE} namespaces=approval@taskclass {alice}"), "namespaces=approval@taskclass", "in double quotes"),
        (
            format!("{ALICE} namespaces=\"approval@taskclass {alice}"),
            &format!("\"approval@taskclass {alice}"),
            "not closed",
        ),
        (format!("{ALICE} {OPTIONS},{OPTIONS} {alice}"), OPTIONS, "set twice"),
        (format!("{ALICE} {OPTIONS},valid-after=\"20260101\" {alice}"), "valid-after=\"20260101\"", "end it with `Z`"),
        (format!("{ALICE} {OPTIONS},valid-after=\"20261301Z\" {alice}"), "valid-after=\"20261301Z\"", "is not a time"),
        (
            format!("{ALICE} {OPTIONS},valid-before=\"2026-01-01\" {alice}"),
            "valid-before=\"2026-01-01\"",
            "is not a time",
        ),
        (format!("{ALICE} {OPTIONS},valid-after=\"20260102Z\",valid-before=\"20260101Z\" {alice}"), "", "never valid"),
        (format!("{ALICE} {OPTIONS} {rsa}"), rsa, "RSA keys are refused"),
        (format!("{ALICE} {OPTIONS} {p384}"), p384, "nistp384"),
        (format!("{ALICE} {OPTIONS} ssh-dss AAAA"), "ssh-dss AAAA", "DSA keys are refused"),
        (format!("{ALICE} {OPTIONS} ssh-ed25519-cert-v01@openssh.com AAAA"), "", "certificates are refused"),
        (format!("{ALICE} {OPTIONS} {other_type}"), &other_type, "cannot be read as ecdsa-sha2-nistp256"),
        (format!("{ALICE} {OPTIONS} ssh-ed25519 AAAA"), "ssh-ed25519 AAAA", "cannot be read as ssh-ed25519"),
        (format!("{ALICE} {OPTIONS} ssh-ed25519"), "ssh-ed25519", "no key on this line"),
        (format!("{ALICE} {OPTIONS}"), "", "no key on this line"),
        (ALICE.to_owned(), "", "no key on this line"),
        (format!("{ALICE} {OPTIONS} {alice}\r"), "\r", "lines end with LF alone"),
        (format!("\u{feff}{ALICE} {OPTIONS} {alice}"), "\u{feff}", "byte-order mark"),
    ];
    for (text, marked, message) in cases {
        let text = format!("# comment\n\n{}{text}\n", line(BOB, OPTIONS));
        let text = if text.contains('\u{feff}') {
            text.trim_start_matches("# comment\n\n").replacen(&line(BOB, OPTIONS), "", 1)
        } else {
            text
        };
        let error = problems(&text);
        let problem = error.problems.iter().find(|problem| problem.kind.to_string().contains(message));
        let problem = problem.unwrap_or_else(|| panic!("{text}\n{error}"));
        let in_file = &text[problem.span.range()];
        assert!(marked.is_empty() || in_file == *marked, "{message}: marks {in_file:?}, not {marked:?}");
        let expected_line = 1 + text[..problem.span.start as usize].matches('\n').count();
        assert_eq!(problem.line, expected_line, "{message}");
        assert!(error.to_string().contains(&format!("line {expected_line}: ")), "{error}");
    }
}

#[test]
fn one_key_stands_for_one_person_on_one_line() {
    let alice = openssh(ALICE);
    let error = problems(&format!("{ALICE} {OPTIONS} {alice}\n{BOB} {OPTIONS} {alice}\n"));
    assert!(error.to_string().contains("line 2: this key already belongs to alice@acme.com (line 1)"), "{error}");
    let error = problems(&format!("{ALICE} {OPTIONS} {alice}\n{ALICE} {OPTIONS} {alice} again\n"));
    assert!(error.to_string().contains("line 2: this key is already listed on line 1"), "{error}");
    let error = problems(&format!("{}Alice@acme.com {OPTIONS} {}\n", line(ALICE, OPTIONS), openssh(BOB)));
    assert!(error.to_string().contains("differs from alice@acme.com (line 1) only in upper and lower case"), "{error}");
}

#[test]
fn what_is_sound_is_read_beside_what_is_not_and_each_part_has_its_place() {
    let options = format!("{OPTIONS},valid-before=\"20260101Z\"");
    let text = format!("* {}\n{}{}", openssh("x"), line(ALICE, &options), line(BOB, OPTIONS));
    let reading = Reading::of(text.as_bytes());
    assert_eq!(reading.problems.len(), 2);
    let [alice, bob] = reading.signers.as_slice() else { panic!("{reading:?}") };
    let places = alice.places();
    assert_eq!(&text[places.principal.range()], ALICE);
    assert_eq!(&text[places.key.range()], openssh(ALICE));
    assert_eq!(&text[places.valid_before.unwrap().range()], "valid-before=\"20260101Z\"");
    assert_eq!((bob.places().valid_before, bob.fingerprint()), (None, &KeyFingerprint::of(&key(BOB))));
    let twice = text.replacen("* ", &format!("{ALICE} {OPTIONS} "), 1).replace(&openssh("x"), &openssh(BOB));
    let reading = Reading::of(twice.as_bytes());
    let [problem] = reading.problems.as_slice() else { panic!("{reading:?}") };
    assert!(twice[problem.first.unwrap().range()].starts_with(ALICE) && problem.kind.rule() == "key-listed-twice");
}

#[test]
fn all_problems_come_at_once_in_the_order_of_the_file() {
    let alice = openssh(ALICE);
    let error = problems(&format!("* {alice}\n{BOB} cert-authority,bogus {alice}\n"));
    let lines: Vec<usize> = error.problems.iter().map(|problem| problem.line).collect();
    assert_eq!(lines, [1, 1, 2, 2, 2], "{error}");
}

#[test]
fn bytes_that_are_no_text_are_refused() {
    let error = AllowedSigners::parse(b"a\n\xff").unwrap_err();
    assert_eq!((error.problems[0].line, error.problems[0].span.start), (2, 2));
    assert!(AllowedSigners::parse(&vec![b'#'; 2 << 20]).unwrap_err().to_string().contains("larger than"));
    assert!(AllowedSigners::parse(b"").unwrap().signers().is_empty());
}

proptest::proptest! {
    #[test]
    fn no_text_breaks_the_reader(text in "[ -~\n\t\"]{0,200}") {
        if let Err(error) = AllowedSigners::parse(text.as_bytes()) {
            for problem in error.problems {
                proptest::prop_assert!(text.get(problem.span.range()).is_some());
            }
        }
    }

    #[test]
    fn a_line_with_one_byte_changed_never_gives_another_person_the_key(at in 0..120usize, byte in 0x20u8..0x7f) {
        let whole = line(ALICE, OPTIONS);
        let mut bytes = whole.clone().into_bytes();
        proptest::prop_assume!(at < bytes.len() - 1 && bytes[at] != byte);
        bytes[at] = byte;
        if let Ok(changed) = AllowedSigners::parse(&bytes) {
            for signer in changed.signers() {
                let same = signer.principal().as_str() == ALICE && *signer.key() == key(ALICE);
                let renamed = at < ALICE.len();
                let other_key = *signer.key() != key(ALICE);
                proptest::prop_assert!(same || renamed || other_key);
            }
        }
    }
}
