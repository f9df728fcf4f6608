-- Only what may be a mistyped invite code is kept: other texts may be anything, such as a phone.

UPDATE redeem_tries SET typed = ''
WHERE length(replace(replace(typed, '-', ''), ' ', '')) > 7 OR replace(replace(typed, '-', ''), ' ', '') GLOB '*[^0-9A-Za-z]*';
