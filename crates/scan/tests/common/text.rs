//! Sentences that an office might write, in three languages.

use super::Random;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    English,
    French,
    German,
}

const ENGLISH: &[&str] = &[
    "We have received your request and will answer it within six weeks.",
    "Please send us the original of the certificate together with this form.",
    "The amount is paid into your account at the beginning of each month.",
    "If you have moved since then, tell the office your new address.",
    "Nobody may be asked twice for a document that an authority already holds.",
    "The contract ends on the last day of June without further notice.",
    "Your daughter attends the fourth class of the school in Nordhafen.",
    "This statement was made by a machine and is valid without a signature.",
    "Keep the receipt, because it is the only proof that you have paid.",
    "Questions are answered by telephone on weekdays between nine and noon.",
    "The household consists of two adults, three children and a grandmother.",
    "Both parents have to sign the second page before it can be filed.",
    "You may object in writing; the objection need not give any reasons.",
    "Fees are charged for copies, for postage and for every further hour.",
];

const FRENCH: &[&str] = &[
    "Nous avons bien reçu votre demande et vous répondrons dans les six semaines.",
    "Veuillez joindre à ce formulaire l'original du certificat de résidence.",
    "Le montant est versé sur votre compte au début de chaque mois.",
    "Si vous avez déménagé entre-temps, indiquez-nous votre nouvelle adresse.",
    "Le contrat prend fin le dernier jour de juin sans autre préavis.",
    "Votre fille fréquente la quatrième classe de l'école fondamentale.",
    "La présente attestation est délivrée à la demande de l'intéressé.",
    "Conservez ce reçu : il est la seule preuve de votre paiement.",
    "Le ménage se compose de deux adultes, de trois enfants et d'une aïeule.",
    "Les deux parents doivent signer la seconde page avant son dépôt.",
    "Vous pouvez former une réclamation par écrit, sans en donner les motifs.",
];

const GERMAN: &[&str] = &[
    "Wir haben Ihren Antrag erhalten und werden ihn binnen sechs Wochen beantworten.",
    "Bitte legen Sie diesem Formular die Urschrift der Bescheinigung bei.",
    "Der Betrag wird zu Beginn eines jeden Monats auf Ihr Konto überwiesen.",
    "Falls Sie inzwischen umgezogen sind, nennen Sie uns Ihre neue Anschrift.",
    "Der Vertrag endet am letzten Tag des Monats Juni ohne weitere Kündigung.",
    "Ihre Tochter besucht die vierte Klasse der Grundschule in Nordhafen.",
    "Dieses Schreiben wurde maschinell erstellt und ist ohne Unterschrift gültig.",
    "Bewahren Sie die Quittung auf, sie ist der einzige Nachweis der Zahlung.",
    "Der Haushalt besteht aus zwei Erwachsenen, drei Kindern und einer Großmutter.",
    "Beide Eltern müssen die zweite Seite vor der Einreichung unterschreiben.",
    "Sie können schriftlich Widerspruch einlegen; Gründe sind nicht nötig.",
];

impl Language {
    pub fn sentence(self, random: &mut Random) -> &'static str {
        random.pick(match self {
            Language::English => ENGLISH,
            Language::French => FRENCH,
            Language::German => GERMAN,
        })
    }

    /// Some sentences, one after the other.
    pub fn paragraph(self, random: &mut Random, sentences: usize) -> String {
        (0..sentences).map(|_| self.sentence(random)).collect::<Vec<_>>().join(" ")
    }

    /// A few words, as on a form's line or in a heading.
    pub fn words(self, random: &mut Random, count: usize) -> String {
        let words: Vec<&str> = self.sentence(random).split_whitespace().take(count).collect();
        words.join(" ").trim_end_matches([',', '.', ';', ':']).trim().to_owned()
    }
}
