//! Templates: quoted ones, heredocs and template files.

use hcl_edit::template::{Directive, Element, ForDirective, StringTemplate, Template};

use super::Rebuilder;
use super::convert::to_text;
use super::error::RebuildError;
use super::evaluate::Outcome;
use super::operate::truth;
use super::reference::Extent;
use super::scope::{Bound, Frame};
use super::value::{Piece, Text, Value};

/// How `~` strips: a heredoc's literals end with each line.
#[derive(Clone, Copy, PartialEq)]
enum Form {
    Quoted,
    Lines,
}

impl Rebuilder<'_, '_, '_> {
    pub(super) fn quoted(&self, template: &StringTemplate, frame: Frame<'_>) -> Outcome {
        self.template(template, Form::Quoted, frame)
    }

    pub(super) fn heredoc(&self, template: &Template, frame: Frame<'_>) -> Outcome {
        self.template(template, Form::Lines, frame)
    }

    fn template(&self, template: &Template, form: Form, frame: Frame<'_>) -> Outcome {
        // An interpolation on its own is its value, not a text of it.
        if let Some(Element::Interpolation(only)) = template.as_single_element() {
            return self.eval(&only.expr, frame);
        }
        let mut pieces = Vec::new();
        self.elements(template, form, frame, &mut pieces)?;
        Ok(Value::Text(Text::of(pieces)))
    }

    fn elements(
        &self,
        template: &Template,
        form: Form,
        frame: Frame<'_>,
        pieces: &mut Vec<Piece>,
    ) -> Result<(), RebuildError> {
        let elements: Vec<&Element> = template.iter().collect();
        let mut behind = false;
        for (at, element) in elements.iter().enumerate() {
            let ahead = elements.get(at + 1).is_some_and(|next| strips(next).0);
            match element {
                Element::Literal(text) => {
                    self.spend(text.len())?;
                    pieces.push(Piece::Known(stripped(text, form, behind, ahead).to_owned()));
                }
                Element::Interpolation(inner) => {
                    let value = self.eval(&inner.expr, frame)?;
                    self.interpolate(value, pieces)?;
                }
                Element::Directive(directive) => self.directive(directive, form, frame, pieces)?,
            }
            behind = strips(element).1;
        }
        Ok(())
    }

    fn interpolate(&self, value: Value, pieces: &mut Vec<Piece>) -> Result<(), RebuildError> {
        match to_text(value)? {
            Value::Text(text) => {
                self.spend(text.len())?;
                pieces.extend(text.pieces().iter().cloned());
            }
            Value::Hole(hole) => {
                self.work.consumed.set(self.work.consumed.get() + 1);
                pieces.push(Piece::Hole(hole, Extent::Text));
            }
            Value::Null => return Err(RebuildError::fails("a template holds null")),
            other => return Err(RebuildError::fails(format!("a template holds {}", other.word()))),
        }
        Ok(())
    }

    fn directive(
        &self,
        directive: &Directive,
        form: Form,
        frame: Frame<'_>,
        pieces: &mut Vec<Piece>,
    ) -> Result<(), RebuildError> {
        match directive {
            Directive::If(choice) => {
                let condition = self.eval(&choice.if_expr.cond_expr, frame)?;
                let otherwise = choice.else_expr.as_ref();
                let Some(answer) = truth(&condition)? else {
                    let hole = self.opaque_hole(&choice.if_expr.cond_expr, frame, &[condition]);
                    pieces.push(Piece::Hole(hole, Extent::Text));
                    return Ok(());
                };
                let end = choice.endif_expr.strip.strip_start();
                if answer {
                    let stop = otherwise.map_or(end, |other| other.strip.strip_start());
                    self.body(
                        &choice.if_expr.template,
                        form,
                        (choice.if_expr.strip.strip_end(), stop),
                        frame,
                        pieces,
                    )
                } else if let Some(other) = otherwise {
                    self.body(&other.template, form, (other.strip.strip_end(), end), frame, pieces)
                } else {
                    Ok(())
                }
            }
            Directive::For(repeat) => self.each(repeat, form, frame, pieces),
        }
    }

    fn each(
        &self,
        repeat: &ForDirective,
        form: Form,
        frame: Frame<'_>,
        pieces: &mut Vec<Piece>,
    ) -> Result<(), RebuildError> {
        let head = &repeat.for_expr;
        let collection = self.eval(&head.collection_expr, frame)?;
        let sure = match &collection {
            Value::List(list) => list.is_exact(),
            Value::Object(_) => true,
            _ => false,
        };
        if !sure {
            if let Value::List(_) | Value::Hole(_) = collection {
                let hole = self.opaque_hole(&head.collection_expr, frame, &[collection]);
                pieces.push(Piece::Hole(hole, Extent::Text));
                return Ok(());
            }
            return Err(RebuildError::fails(format!("a `for` cannot run over {}", collection.word())));
        }
        let strips = (head.strip.strip_end(), repeat.endfor_expr.strip.strip_start());
        for (key, value) in super::repeat::pairs(&collection) {
            let key = Bound {
                name: head.key_var.as_ref().map_or("", |name| name.as_str()),
                value: key,
                outer: frame.names,
            };
            let bound = Bound { name: head.value_var.as_str(), value, outer: Some(&key) };
            self.spend(1)?;
            self.deeper(|| self.body(&head.template, form, strips, frame.binding(&bound), pieces))?;
        }
        Ok(())
    }

    fn body(
        &self,
        template: &Template,
        form: Form,
        (start, end): (bool, bool),
        frame: Frame<'_>,
        pieces: &mut Vec<Piece>,
    ) -> Result<(), RebuildError> {
        let mut inner = Vec::new();
        self.elements(template, form, frame, &mut inner)?;
        if start
            && matches!(template.get(0), Some(Element::Literal(_)))
            && let Some(Piece::Known(first)) = inner.first_mut()
        {
            *first = stripped(first, form, true, false).to_owned();
        }
        let count = template.len();
        if end
            && matches!(count.checked_sub(1).and_then(|last| template.get(last)), Some(Element::Literal(_)))
            && let Some(Piece::Known(last)) = inner.last_mut()
        {
            *last = stripped(last, form, false, true).to_owned();
        }
        pieces.extend(inner);
        Ok(())
    }

    /// A template file with the values it is given.
    pub(super) fn template_file(&self, text: &str, values: &Value, frame: Frame<'_>) -> Outcome {
        let template: Template = text
            .parse()
            .map_err(|error| RebuildError::fails(format!("the template cannot be read: {error}")))?;
        let Value::Object(object) = values else {
            return Err(RebuildError::fails("the variables of a template are no object"));
        };
        self.bind_all(&mut object.entries.iter(), &template, Frame { closed: true, names: None, ..frame })
    }

    fn bind_all<'v>(
        &self,
        rest: &mut dyn Iterator<Item = (&'v String, &'v Value)>,
        template: &Template,
        frame: Frame<'_>,
    ) -> Outcome {
        match rest.next() {
            Some((name, value)) => {
                let bound = Bound { name, value: value.clone(), outer: frame.names };
                self.deeper(|| self.bind_all(rest, template, frame.binding(&bound)))
            }
            None => self.template(template, Form::Lines, frame),
        }
    }
}

/// Whether `~` strips what is before, and what is behind.
fn strips(element: &Element) -> (bool, bool) {
    match element {
        Element::Literal(_) => (false, false),
        Element::Interpolation(inner) => (inner.strip.strip_start(), inner.strip.strip_end()),
        Element::Directive(directive) => match &**directive {
            Directive::If(choice) => {
                (choice.if_expr.strip.strip_start(), choice.endif_expr.strip.strip_end())
            }
            Directive::For(repeat) => {
                (repeat.for_expr.strip.strip_start(), repeat.endfor_expr.strip.strip_end())
            }
        },
    }
}

fn stripped(text: &str, form: Form, start: bool, end: bool) -> &str {
    let mut text = text;
    if start {
        text = match (form, text.split_once('\n')) {
            (Form::Lines, Some((line, rest))) if line.trim().is_empty() => rest,
            _ => text.trim_start(),
        };
    }
    if end {
        text = match form {
            Form::Lines => text.trim_end_matches([' ', '\t']),
            Form::Quoted => text.trim_end(),
        };
    }
    text
}
