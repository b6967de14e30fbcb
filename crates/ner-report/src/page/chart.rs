use std::fmt::Write;

use super::escape::escape;

/// Lines over steps, as a figure.
pub(super) struct Chart {
    pub(super) title: &'static str,
    pub(super) series: Vec<Series>,
}

/// A line: its name, and its points by their steps.
pub(super) struct Series {
    pub(super) name: String,
    pub(super) points: Vec<(f64, f64)>,
}

/// The figure in units of SVG.
const WIDTH: f64 = 600.0;
const HEIGHT: f64 = 260.0;
/// The room for numbers, on the left and below, and for half a number or a point at the other two sides.
const LEFT: f64 = 56.0;
const BOTTOM: f64 = 24.0;
const MARGIN: f64 = 12.0;
/// Colours of lines; a seventh line has that of the first.
pub(super) const N_COLOURS: usize = 6;
/// Up to so many points of a line are marked, with their values to be read under the pointer. More would run together:
/// the figure is some 500 units wide.
const MAX_MARKS: usize = 100;

impl Chart {
    /// The figure with its legend; nothing if there is no point.
    pub(super) fn html(&self) -> String {
        let points = || self.series.iter().flat_map(|series| &series.points).filter(|(_, y)| y.is_finite());
        let Some(x) = Axis::new(points().map(|(x, _)| *x)) else { return String::new() };
        let Some(y) = Axis::new(points().map(|(_, y)| *y)) else { return String::new() };
        let lines: String = self.series.iter().enumerate().map(|(index, it)| it.svg(index, &x, &y)).collect();
        let title = escape(self.title);
        format!(
            "<figure>\n<figcaption>{title}</figcaption>\n<svg viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"img\" \
             aria-label=\"{title}\">\n{}{lines}</svg>\n{}</figure>\n",
            grid(&x, &y),
            self.legend()
        )
    }

    /// The names of the lines, where there are several.
    fn legend(&self) -> String {
        if self.series.len() < 2 {
            return String::new();
        }
        let name = |(index, series): (usize, &Series)| {
            format!("<span class=\"s{}\">{}</span>", index % N_COLOURS, escape(&series.name))
        };
        let names: String = self.series.iter().enumerate().map(name).collect();
        format!("<div class=\"legend\">{names}</div>\n")
    }
}

impl Series {
    /// The line, broken where a value is no number, with a mark at each point that names it.
    fn svg(&self, index: usize, x: &Axis, y: &Axis) -> String {
        let mut svg = format!("<g class=\"s{}\">\n", index % N_COLOURS);
        for part in self.points.split(|(_, value)| !value.is_finite()).filter(|part| !part.is_empty()) {
            let places: Vec<String> = part
                .iter()
                .map(|(step, value)| format!("{:.1},{:.1}", x.across(*step), y.up(*value)))
                .collect();
            let _ = writeln!(svg, "<polyline class=\"line\" points=\"{}\"/>", places.join(" "));
            for (step, value) in part.iter().filter(|_| self.points.len() <= MAX_MARKS) {
                let _ = writeln!(
                    svg,
                    "<circle class=\"point\" cx=\"{:.1}\" cy=\"{:.1}\" r=\"3\"><title>{}, step {step}: {}</title></circle>",
                    x.across(*step),
                    y.up(*value),
                    escape(&self.name),
                    number(*value)
                );
            }
        }
        svg + "</g>\n"
    }
}

/// Horizontal lines with the values beside them, and steps below.
fn grid(x: &Axis, y: &Axis) -> String {
    let mut svg = String::new();
    for value in y.ticks() {
        let (place, right) = (y.up(value), WIDTH - MARGIN);
        let _ = writeln!(
            svg,
            "<line class=\"grid\" x1=\"{LEFT}\" x2=\"{right}\" y1=\"{place:.1}\" y2=\"{place:.1}\"/>\
             <text x=\"{}\" y=\"{:.1}\" text-anchor=\"end\">{}</text>",
            LEFT - 6.0,
            place + 4.0,
            number(value)
        );
    }
    for step in x.ticks() {
        let _ = writeln!(
            svg,
            "<text x=\"{:.1}\" y=\"{}\" text-anchor=\"middle\">{}</text>",
            x.across(step),
            HEIGHT - 6.0,
            number(step)
        );
    }
    svg
}

/// The values from one end of a figure to the other, and the distance of the numbers beside it.
struct Axis {
    first: f64,
    last: f64,
    distance: f64,
}

impl Axis {
    /// An axis from 0, or from below it, to beyond the highest of some finite values; `None` if there are none.
    fn new(values: impl Iterator<Item = f64>) -> Option<Axis> {
        let (low, high) =
            values.fold((0.0_f64, f64::NEG_INFINITY), |(low, high), value| (low.min(value), high.max(value)));
        if !high.is_finite() || !low.is_finite() {
            return None;
        }
        let range = if high > low { high - low } else { 1.0 };
        // Numbers of one digit, 1, 2 or 5, times a power of ten, so that there are three to seven.
        let power = 10.0_f64.powf((range / 5.0).log10().floor());
        let distance =
            [1.0, 2.0, 5.0, 10.0].map(|digit| digit * power).into_iter().find(|it| range / it <= 6.0);
        let distance = distance.unwrap_or(10.0 * power);
        let first = (low / distance).floor() * distance;
        Some(Axis { first, last: first + ((low + range - first) / distance).ceil() * distance, distance })
    }

    fn ticks(&self) -> impl Iterator<Item = f64> {
        let n_ticks = ((self.last - self.first) / self.distance).round() as usize;
        (0..=n_ticks).map(|index| self.first + index as f64 * self.distance)
    }

    fn share(&self, value: f64) -> f64 {
        (value - self.first) / (self.last - self.first)
    }

    fn across(&self, value: f64) -> f64 {
        LEFT + self.share(value) * (WIDTH - LEFT - MARGIN)
    }

    fn up(&self, value: f64) -> f64 {
        HEIGHT - BOTTOM - self.share(value) * (HEIGHT - BOTTOM - MARGIN)
    }
}

/// A number in four digits at most where it is small, and whole or with an exponent where it is not.
fn number(value: f64) -> String {
    match value.abs() {
        0.0 => "0".to_owned(),
        size if !(1e-3..1e6).contains(&size) => {
            format!("{value:.3e}").replace(".000e", "e").replace("00e", "e")
        }
        size if size >= 1000.0 => format!("{value:.0}"),
        _ => {
            let text = format!("{value:.4}");
            text.trim_end_matches('0').trim_end_matches('.').to_owned()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn axes_end_at_round_numbers() {
        let ticks = |values: &[f64]| {
            Axis::new(values.iter().copied()).map(|axis| Vec::from_iter(axis.ticks().map(number)))
        };
        assert_eq!(ticks(&[81.3, 12.0]).unwrap(), ["0", "20", "40", "60", "80", "100"]);
        assert_eq!(ticks(&[0.001]).unwrap(), ["0", "2e-4", "4e-4", "6e-4", "8e-4", "0.001"]);
        assert_eq!(ticks(&[0.0]).unwrap().last().unwrap(), "1");
        assert_eq!(ticks(&[-3.0, 4.0]).unwrap(), ["-4", "-2", "0", "2", "4"]);
        assert_eq!(ticks(&[]), None);
        assert_eq!(ticks(&[1e300]).unwrap().last().unwrap(), "1e300");
    }

    #[test]
    fn lines_break_where_there_is_no_number() {
        let points = vec![(0.0, 1.0), (1.0, f64::NAN), (2.0, 3.0), (3.0, f64::INFINITY)];
        let html = Chart { title: "Loss", series: vec![Series { name: "<ner>".to_owned(), points }] }.html();
        assert_eq!(html.matches("<polyline").count(), 2);
        assert!(html.contains("&lt;ner&gt;, step 2: 3") && !html.contains("NaN") && !html.contains("inf"));
    }
}
