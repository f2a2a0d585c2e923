//! Tables: the same rows as Markdown for the documents and as HTML for the sheet.
//!
//! Knows columns and cells; refuses to know what they mean.

use super::score::Estimate;

pub struct Table {
    pub title: String,
    /// What has to be known to read it, a sentence or two; may be empty.
    pub note: String,
    pub head: Vec<&'static str>,
    pub rows: Vec<Vec<String>>,
}

impl Table {
    pub fn markdown(&self) -> String {
        let line = |cells: &[String]| format!("| {} |\n", cells.join(" | "));
        let head: Vec<String> = self.head.iter().map(|&cell| cell.to_owned()).collect();
        let note = if self.note.is_empty() { String::new() } else { format!("{}\n\n", self.note) };
        let rows: String = self.rows.iter().map(|row| line(row)).collect();
        format!("## {}\n\n{note}{}|{}\n{rows}", self.title, line(&head), "---|".repeat(head.len()))
    }

    pub fn html(&self) -> String {
        let line = |cells: Vec<String>, tag: &str| -> String {
            let cells: String = cells.iter().map(|cell| format!("<{tag}>{}</{tag}>", escaped(cell))).collect();
            format!("<tr>{cells}</tr>\n")
        };
        let head = line(self.head.iter().map(|&cell| cell.to_owned()).collect(), "th");
        let rows: String = self.rows.iter().map(|row| line(row.clone(), "td")).collect();
        let (title, note) = (escaped(&self.title), escaped(&self.note));
        format!("<h2>{title}</h2>\n<p>{note}</p>\n<div class=wide><table>\n{head}{rows}</table></div>\n")
    }
}

pub fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// `0.944 (0.931–0.955)`.
pub fn figure(estimate: Estimate, digits: usize) -> String {
    let Estimate { value, low, high } = estimate;
    if value.is_nan() {
        return "–".to_owned();
    }
    format!("{value:.digits$} ({low:.digits$}–{high:.digits$})")
}

/// `91.1 % (87.7–94.3)`.
pub fn share(estimate: Estimate) -> String {
    let Estimate { value, low, high } = estimate;
    if value.is_nan() {
        return "–".to_owned();
    }
    format!("{:.1} % ({:.1}–{:.1})", 100.0 * value, 100.0 * low, 100.0 * high)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_in_both_languages() {
        let table = Table {
            title: "A & B".to_owned(),
            note: String::new(),
            head: vec!["what", "> 0.90"],
            rows: vec![vec!["all".to_owned(), share(Estimate { value: 0.911, low: 0.877, high: 0.943 })]],
        };
        assert_eq!(table.markdown(), "## A & B\n\n| what | > 0.90 |\n|---|---|\n| all | 91.1 % (87.7–94.3) |\n");
        assert!(table.html().contains("<h2>A &amp; B</h2>") && table.html().contains("<th>&gt; 0.90</th>"));
    }

    #[test]
    fn nothing_measured_is_a_dash() {
        assert_eq!(figure(Estimate { value: f64::NAN, low: f64::NAN, high: f64::NAN }, 3), "–");
        assert_eq!(figure(Estimate { value: 0.9444, low: 0.93, high: 0.95 }, 3), "0.944 (0.930–0.950)");
    }
}
