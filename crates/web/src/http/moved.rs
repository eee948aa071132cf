//! Addresses that pages had before lead to where they are now, for good: links in letters and bookmarks go on
//! working.

use crate::http::capability::Capability;

/// Where what was asked for is now, if it was anywhere else before. A pattern names segments in braces;
/// `{*rest}` stands for any number of them, none too.
pub(crate) fn address(capabilities: &[Capability], path: &str, query: Option<&str>) -> Option<String> {
    let mut moved = capabilities.iter().flat_map(|capability| capability.moved);
    let now = moved.find_map(|(before, now)| replaced(before, now, path))?;
    Some(query.map_or_else(|| now.clone(), |query| format!("{now}?{query}")))
}

fn replaced(before: &str, now: &str, path: &str) -> Option<String> {
    let mut there = path.split('/');
    let mut out = now.to_owned();
    for part in before.split('/') {
        if part == "{*rest}" {
            let rest: Vec<&str> = there.collect();
            let rest = rest.join("/");
            let out = out.replace(part, &rest);
            return Some(out.strip_suffix('/').filter(|_| rest.is_empty()).map_or(out.clone(), str::to_owned));
        }
        let found = there.next()?;
        if part.starts_with('{') && !found.is_empty() {
            out = out.replace(part, found);
        } else if part != found {
            return None;
        }
    }
    there.next().is_none().then_some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    const MOVED: Capability = Capability {
        moved: &[
            ("/alerts/{id}/look", "/understand/alerts/{id}/review"),
            ("/alerts/{*rest}", "/understand/alerts/{*rest}"),
            ("/hit", "/understand/impact"),
        ],
        ..Capability::NONE
    };

    #[test]
    fn an_address_of_before_becomes_that_of_now_with_all_that_it_says() {
        let now = |path, query| address(&[MOVED], path, query);
        assert_eq!(now("/hit", Some("issue=a%3Db&x")), Some("/understand/impact?issue=a%3Db&x".to_owned()));
        assert_eq!(now("/alerts", None), Some("/understand/alerts".to_owned()));
        assert_eq!(now("/alerts/1%2F2/reopen", None), Some("/understand/alerts/1%2F2/reopen".to_owned()));
        assert_eq!(now("/alerts/1/look", None), Some("/understand/alerts/1/review".to_owned()));
        for elsewhere in ["/", "/hits", "/hit/1", "/alertsx", "//alerts", "/x/alerts", ""] {
            assert_eq!(now(elsewhere, Some("q")), None, "{elsewhere}");
        }
    }
}
