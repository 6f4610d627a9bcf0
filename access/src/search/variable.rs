//! Policy variables: `${key}` stands for a value of the request, `${*}` for a star.

/// Marks a variable among the letters of a pattern; no policy can hold this character.
pub(crate) const MARK: char = '\u{e000}';

/// Does the text hold a variable, other than an escaped wildcard?
pub(crate) fn has_variable(text: &str) -> bool {
    text.match_indices("${").any(|(at, _)| {
        let inside = text.get(at + 2..).and_then(|rest| rest.split_once('}')).map(|(inside, _)| inside);
        inside.is_some_and(|inside| !["*", "?", "$"].contains(&inside))
    })
}

/// The letters of a text, each with whether it only ever stands for itself.
pub(crate) fn letters(text: &str, variables: bool) -> Vec<(char, bool)> {
    let mut letters = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("${").filter(|_| variables) {
        let Some((inside, behind)) = after.split_once('}') else { break };
        letters.extend(before.chars().map(|c| (c, false)));
        match inside {
            "*" | "?" | "$" => letters.extend(inside.chars().map(|c| (c, true))),
            _ => {
                letters.push((MARK, true));
                letters.extend(inside.to_lowercase().chars().map(|c| (c, true)));
                letters.push((MARK, true));
            }
        }
        rest = behind;
    }
    letters.extend(rest.chars().map(|c| (c, false)));
    letters
}

/// The variables that a found text names, as they stand between marks.
pub(crate) fn named(text: &str) -> Vec<String> {
    text.split(MARK).skip(1).step_by(2).map(str::to_owned).collect()
}

/// The text with every variable replaced by what `value` says of it.
pub(crate) fn fill(text: &str, value: impl Fn(&str) -> String) -> String {
    text.split(MARK)
        .enumerate()
        .map(|(index, part)| if index % 2 == 1 { value(part) } else { part.to_owned() })
        .collect()
}
