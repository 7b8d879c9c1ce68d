//! How waves and spreads are written: flat objects, of which `kind` says what fields they have. They are read
//! field by field, and not as enums that serde tags inside, since that is a tenth of the code for a browser.
//! What the fields mean is said at [`Wave`] and [`Spread`].

use super::scenario::{Spread, Wave, defaults};
use serde::{Deserialize, Deserializer};

/// Every field that some kind of wave has.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WrittenWave {
    kind: WaveKind,
    #[serde(default, deserialize_with = "present")]
    from_second: Option<u32>,
    #[serde(default, deserialize_with = "present")]
    seconds: Option<u32>,
    #[serde(default, deserialize_with = "present")]
    at_second: Option<u32>,
    #[serde(default, deserialize_with = "present")]
    people: Option<u32>,
    #[serde(default, deserialize_with = "present")]
    early_percent: Option<u32>,
    #[serde(default, deserialize_with = "present")]
    early_seconds: Option<u32>,
    #[serde(default, deserialize_with = "present")]
    late_seconds: Option<u32>,
    #[serde(default, deserialize_with = "present")]
    counts: Option<Vec<u32>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum WaveKind {
    Steady,
    Burst,
    OnSaleSpike,
    Recorded,
}

/// Every field that some kind of spread has.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WrittenSpread {
    kind: SpreadKind,
    #[serde(default, deserialize_with = "present")]
    seconds: Option<u32>,
    #[serde(default, deserialize_with = "present")]
    min_seconds: Option<u32>,
    #[serde(default, deserialize_with = "present")]
    max_seconds: Option<u32>,
    #[serde(default, deserialize_with = "present")]
    mean_seconds: Option<u32>,
    #[serde(default, deserialize_with = "present")]
    median_seconds: Option<u32>,
    #[serde(default, deserialize_with = "present")]
    sigma_percent: Option<u32>,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum SpreadKind {
    Fixed,
    Uniform,
    Exponential,
    LogNormal,
}

/// A field that is there has a value: `null` is none.
fn present<'de, D: Deserializer<'de>, T: Deserialize<'de>>(from: D) -> Result<Option<T>, D::Error> {
    T::deserialize(from).map(Some)
}

fn needed<T>(field: &mut Option<T>, name: &str) -> Result<T, String> {
    field.take().ok_or_else(|| format!("missing field `{name}`"))
}

/// What is left was written, and no field of this kind took it.
fn nothing_left(fields: &[(&str, bool)]) -> Result<(), String> {
    match fields.iter().find(|(_, is_left)| *is_left) {
        Some((name, _)) => Err(format!("`{name}` is a field of another kind")),
        None => Ok(()),
    }
}

impl TryFrom<WrittenWave> for Wave {
    type Error = String;

    fn try_from(mut wave: WrittenWave) -> Result<Self, String> {
        let read = match wave.kind {
            WaveKind::Steady => Self::Steady {
                from_second: wave.from_second.take().unwrap_or_default(),
                seconds: needed(&mut wave.seconds, "seconds")?,
                people: needed(&mut wave.people, "people")?,
            },
            WaveKind::Burst => Self::Burst {
                at_second: needed(&mut wave.at_second, "at_second")?,
                people: needed(&mut wave.people, "people")?,
            },
            WaveKind::OnSaleSpike => Self::OnSaleSpike {
                people: needed(&mut wave.people, "people")?,
                early_percent: wave.early_percent.take().unwrap_or(defaults::EARLY_PERCENT),
                early_seconds: wave.early_seconds.take().unwrap_or(defaults::EARLY_SECONDS),
                late_seconds: wave.late_seconds.take().unwrap_or(defaults::LATE_SECONDS),
            },
            WaveKind::Recorded => Self::Recorded {
                from_second: wave.from_second.take().unwrap_or_default(),
                counts: needed(&mut wave.counts, "counts")?,
            },
        };
        nothing_left(&[
            ("from_second", wave.from_second.is_some()),
            ("seconds", wave.seconds.is_some()),
            ("at_second", wave.at_second.is_some()),
            ("people", wave.people.is_some()),
            ("early_percent", wave.early_percent.is_some()),
            ("early_seconds", wave.early_seconds.is_some()),
            ("late_seconds", wave.late_seconds.is_some()),
            ("counts", wave.counts.is_some()),
        ])?;
        Ok(read)
    }
}

impl TryFrom<WrittenSpread> for Spread {
    type Error = String;

    fn try_from(mut spread: WrittenSpread) -> Result<Self, String> {
        let read = match spread.kind {
            SpreadKind::Fixed => Self::Fixed { seconds: needed(&mut spread.seconds, "seconds")? },
            SpreadKind::Uniform => Self::Uniform {
                min_seconds: needed(&mut spread.min_seconds, "min_seconds")?,
                max_seconds: needed(&mut spread.max_seconds, "max_seconds")?,
            },
            SpreadKind::Exponential => Self::Exponential {
                mean_seconds: needed(&mut spread.mean_seconds, "mean_seconds")?,
            },
            SpreadKind::LogNormal => Self::LogNormal {
                median_seconds: needed(&mut spread.median_seconds, "median_seconds")?,
                sigma_percent: needed(&mut spread.sigma_percent, "sigma_percent")?,
            },
        };
        nothing_left(&[
            ("seconds", spread.seconds.is_some()),
            ("min_seconds", spread.min_seconds.is_some()),
            ("max_seconds", spread.max_seconds.is_some()),
            ("mean_seconds", spread.mean_seconds.is_some()),
            ("median_seconds", spread.median_seconds.is_some()),
            ("sigma_percent", spread.sigma_percent.is_some()),
        ])?;
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn reason<T: for<'de> Deserialize<'de> + std::fmt::Debug>(written: Value) -> String {
        serde_json::from_value::<T>(written).unwrap_err().to_string()
    }

    #[test]
    fn every_kind_reads_what_it_writes() {
        let waves = [
            Wave::Steady { from_second: 3, seconds: 60, people: 5 },
            Wave::Burst { at_second: 9, people: 5 },
            Wave::OnSaleSpike { people: 5, early_percent: 1, early_seconds: 2, late_seconds: 3 },
            Wave::Recorded { from_second: 4, counts: vec![1, 2] },
        ];
        for wave in waves {
            let written = serde_json::to_value(&wave).unwrap();
            assert_eq!(serde_json::from_value::<Wave>(written).unwrap(), wave);
        }
        let spreads = [
            Spread::Fixed { seconds: 1 },
            Spread::Uniform { min_seconds: 1, max_seconds: 2 },
            Spread::Exponential { mean_seconds: 1 },
            Spread::LogNormal { median_seconds: 1, sigma_percent: 2 },
        ];
        for spread in spreads {
            let written = serde_json::to_value(spread).unwrap();
            assert_eq!(serde_json::from_value::<Spread>(written).unwrap(), spread);
        }
    }

    #[test]
    fn what_may_be_left_out_has_a_default() {
        let read = |written| serde_json::from_value::<Wave>(written).unwrap();
        let spike = read(json!({ "kind": "on_sale_spike", "people": 5 }));
        let (early_percent, early_seconds, late_seconds) = (60, 120, 60);
        let usual = Wave::OnSaleSpike { people: 5, early_percent, early_seconds, late_seconds };
        assert_eq!(spike, usual);
        let steady = read(json!({ "kind": "steady", "seconds": 60, "people": 5 }));
        assert_eq!(steady, Wave::Steady { from_second: 0, seconds: 60, people: 5 });
    }

    #[test]
    fn what_does_not_belong_is_named() {
        let burst = json!({ "kind": "burst", "people": 5 });
        assert_eq!(reason::<Wave>(burst), "missing field `at_second`");
        let burst = json!({ "kind": "burst", "at_second": 1, "people": 5, "seconds": 1 });
        assert_eq!(reason::<Wave>(burst), "`seconds` is a field of another kind");
        assert!(reason::<Wave>(json!({ "kind": "flood" })).starts_with("unknown variant `flood`"));
        let odd = json!({ "kind": "fixed", "seconds": 1, "minutes": 1 });
        assert!(reason::<Spread>(odd).starts_with("unknown field `minutes`"));
        let null = json!({ "kind": "fixed", "seconds": null });
        assert!(reason::<Spread>(null).contains("null"));
    }
}
