//! A plotters backend that writes meaning instead of colour: the colour `RGB(0, 0, n)` stands for the n-th class, and
//! elements of ours open a group with a title for each datum.

use std::cell::RefCell;
use std::fmt::Write as _;
use std::rc::Rc;

use plotters::prelude::RGBColor;
use plotters_backend::text_anchor::{HPos, VPos};
use plotters_backend::{BackendColor, BackendCoord, BackendStyle, BackendTextStyle, DrawingBackend, DrawingErrorKind};

use super::text_width;
use crate::xml::escape;

/// The classes that a colour can stand for.
const CLASSES: [&str; 4] = ["none", "grid", "axis", "label"];

pub(super) const GRID: RGBColor = RGBColor(0, 0, 1);
pub(super) const AXIS: RGBColor = RGBColor(0, 0, 2);
pub(super) const LABEL: RGBColor = RGBColor(0, 0, 3);

/// The buffer that a backend writes to; the drawing area takes the backend, so the caller keeps a handle.
pub(super) type Sheet = Rc<RefCell<String>>;

/// The backend.
pub(super) struct Sem {
    sheet: Sheet,
    size: (u32, u32),
}

/// Drawing by pixel means that plotters fell back to raster work, which an SVG must not hold.
#[derive(Debug)]
pub(super) struct PixelDrawn;

impl std::fmt::Display for PixelDrawn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a chart was drawn by pixel")
    }
}

impl std::error::Error for PixelDrawn {}

type Drawn = Result<(), DrawingErrorKind<PixelDrawn>>;

impl Sem {
    pub(super) fn new(sheet: &Sheet, width: u32, height: u32) -> Self {
        Self { sheet: Rc::clone(sheet), size: (width, height) }
    }
}

fn class(color: BackendColor) -> &'static str {
    let at = usize::from(color.rgb.2);
    debug_assert!(color.rgb.0 == 0 && color.rgb.1 == 0 && at < CLASSES.len(), "a colour that stands for no class");
    CLASSES.get(at).copied().unwrap_or(CLASSES[0])
}

/// The size that a mesh asks for its labels, in the units of the view box.
const LABEL_SIZE: f64 = 12.0;

impl DrawingBackend for Sem {
    type ErrorType = PixelDrawn;

    fn get_size(&self) -> (u32, u32) {
        self.size
    }

    fn ensure_prepared(&mut self) -> Drawn {
        Ok(())
    }

    fn present(&mut self) -> Drawn {
        Ok(())
    }

    fn draw_pixel(&mut self, _: BackendCoord, _: BackendColor) -> Drawn {
        Err(DrawingErrorKind::DrawingError(PixelDrawn))
    }

    fn draw_line<S: BackendStyle>(&mut self, from: BackendCoord, to: BackendCoord, style: &S) -> Drawn {
        let color = style.color();
        if color.alpha > 0.0 {
            let class = class(color);
            let ((x1, y1), (x2, y2)) = (from, to);
            let mut sheet = self.sheet.borrow_mut();
            let _ = write!(sheet, "<path class=\"{class}\" d=\"M{x1} {y1}L{x2} {y2}\"/>");
        }
        Ok(())
    }

    fn draw_rect<S: BackendStyle>(&mut self, from: BackendCoord, to: BackendCoord, style: &S, _: bool) -> Drawn {
        let color = style.color();
        if color.alpha > 0.0 {
            let class = class(color);
            let (x, y) = (from.0.min(to.0), from.1.min(to.1));
            let (w, h) = ((from.0 - to.0).abs(), (from.1 - to.1).abs());
            let mut sheet = self.sheet.borrow_mut();
            let _ = write!(sheet, "<rect class=\"{class}\" x=\"{x}\" y=\"{y}\" width=\"{w}\" height=\"{h}\"/>");
        }
        Ok(())
    }

    fn draw_path<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(&mut self, path: I, style: &S) -> Drawn {
        let color = style.color();
        if color.alpha > 0.0 {
            let mut sheet = self.sheet.borrow_mut();
            let _ = write!(sheet, "<path class=\"{}\" d=\"", class(color));
            for (at, (x, y)) in path.into_iter().enumerate() {
                let _ = write!(sheet, "{}{x} {y}", if at == 0 { 'M' } else { 'L' });
            }
            sheet.push_str("\"/>");
        }
        Ok(())
    }

    fn draw_text<S: BackendTextStyle>(&mut self, said: &str, style: &S, pos: BackendCoord) -> Drawn {
        let anchor = match style.anchor().h_pos {
            HPos::Left => "start",
            HPos::Center => "middle",
            HPos::Right => "end",
        };
        // Vertical anchors become an offset in the same unit, so that no viewer's baseline support matters.
        let down = match style.anchor().v_pos {
            VPos::Top => 10,
            VPos::Center => 4,
            VPos::Bottom => -2,
        };
        let (x, y) = (pos.0, pos.1 + down);
        let (class, said) = (class(style.color()), escape(said));
        let mut sheet = self.sheet.borrow_mut();
        let _ = write!(sheet, "<text class=\"{class} {anchor}\" x=\"{x}\" y=\"{y}\">{said}</text>");
        Ok(())
    }

    fn estimate_text_size<S: BackendTextStyle>(
        &self,
        said: &str,
        _: &S,
    ) -> Result<(u32, u32), DrawingErrorKind<PixelDrawn>> {
        Ok((text_width(said, LABEL_SIZE).ceil() as u32, LABEL_SIZE as u32))
    }
}
