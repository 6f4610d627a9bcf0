//! The catalogue of actions says of well-known ones what AWS's reference says.

#[cfg(test)]
mod catalogue {
    use nhi_access::dialect::aws::catalogue::{self, Level};

    /// Name, level, one of its resources, one of its keys.
    const KNOWN: &[(&str, Level, Option<&str>, Option<&str>)] = &[
        ("s3:GetObject", Level::Read, Some("arn:*:s3:::*/*"), Some("s3:ExistingObjectTag/*")),
        ("s3:ListBucket", Level::List, Some("arn:*:s3:::*"), Some("s3:prefix")),
        ("S3:putbucketpolicy", Level::PermissionsManagement, Some("arn:*:s3:::*"), None),
        ("iam:PassRole", Level::Write, Some("arn:*:iam::*:role/*"), Some("iam:PassedToService")),
        ("iam:TagRole", Level::Tagging, Some("arn:*:iam::*:role/*"), Some("aws:TagKeys")),
        ("ec2:DescribeInstances", Level::List, None, Some("ec2:Region")),
        ("sts:GetCallerIdentity", Level::Read, None, None),
        ("kms:Decrypt", Level::Write, Some("arn:*:kms:*:*:key/*"), Some("kms:ViaService")),
        ("dynamodb:GetItem", Level::Read, Some("arn:*:dynamodb:*:*:table/*"), Some("dynamodb:LeadingKeys")),
    ];

    #[test]
    fn well_known_actions_are_as_the_reference_says() {
        for (text, level, resource, key) in KNOWN {
            let action = catalogue::action(text).unwrap_or_else(|| panic!("{text}"));
            assert_eq!(action.level, *level, "{text}");
            assert!(action.text().eq_ignore_ascii_case(text), "{text}");
            assert_eq!(action.is_wildcard_only(), resource.is_none(), "{text}");
            if let Some(resource) = resource {
                assert!(
                    action.resources().any(|own| own == *resource),
                    "{text}: {:?}",
                    action.resources().collect::<Vec<_>>()
                );
            }
            if let Some(key) = key {
                assert!(
                    action.keys().any(|own| own.name() == *key),
                    "{text}: {:?}",
                    action.keys().map(|key| key.name()).collect::<Vec<_>>()
                );
            }
        }
        for text in ["s3:GetObjects", "s3", "nothing:Get", "s3:", ":"] {
            assert!(catalogue::action(text).is_none(), "{text}");
        }
    }

    #[test]
    fn the_whole_table_is_read() {
        let all: Vec<catalogue::Action> = catalogue::actions().collect();
        assert!(all.len() > 20_000, "{}", all.len());
        assert!(all.iter().all(|action| action.name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')));
        assert!(
            all.iter().all(|action| action.resources().all(|glob| glob.starts_with("arn:") || glob == "*"))
        );
        let multivalued = catalogue::action("iam:TagRole").into_iter().any(|action| {
            let keys: Vec<_> = action.keys().collect();
            keys.iter().any(|key| key.name() == "aws:TagKeys" && key.is_multivalued())
        });
        assert!(multivalued);
        let date = catalogue::date();
        assert!(date.len() == 10 && date.starts_with("20"), "{date}");
        assert!(catalogue::source().contains("MIT"));
    }

    #[test]
    fn the_table_stays_small() {
        let table = std::fs::metadata(concat!(env!("CARGO_MANIFEST_DIR"), "/catalogue/aws.txt")).unwrap();
        assert!(table.len() <= 600_000, "{} bytes", table.len());
    }
}
